from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "lianshang.indicators"
    verbose_name = "指标"
