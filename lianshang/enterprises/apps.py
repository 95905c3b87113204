from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "lianshang.enterprises"
    verbose_name = "企业"
