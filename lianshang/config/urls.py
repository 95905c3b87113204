"""Every address of the site. A package brings its own; nothing is routed here but packages."""

from importlib.util import find_spec

from django.urls import include, path

PACKAGES = ("directory", "notices", "cases", "web")

urlpatterns = [path("", include(f"lianshang.{name}.urls")) for name in PACKAGES if find_spec(f"lianshang.{name}.urls")]
