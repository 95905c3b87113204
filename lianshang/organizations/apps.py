from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "lianshang.organizations"
    verbose_name = "党组织"

    def ready(self) -> None:
        from lianshang.organizations import evidence, indicators  # noqa: F401 -- register figures and their rows
