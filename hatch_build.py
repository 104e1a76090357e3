"""Carries `migrations/` into standard wheels as `sdr/migrations`; editable installs read the checkout."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MigrationsHook(BuildHookInterface):  # type: ignore[type-arg]
    """A plain `force-include` would leave a stale copy in editable installs, so the hook adds it itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            build_data["force_include"]["migrations"] = "sdr/migrations"
