from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "lianshang.chain"
    verbose_name = "产业链"
