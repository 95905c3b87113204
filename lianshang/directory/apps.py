from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class DirectoryConfig(AppConfig):
    name = "lianshang.directory"
    verbose_name = "组织与人员"

    def ready(self) -> None:
        from lianshang.directory import retention, throttle  # noqa: F401 -- register what the worker runs
        from lianshang.directory.middleware import note_sign_in

        user_logged_in.connect(note_sign_in, dispatch_uid="lianshang.directory.sign_in")
