"""A web process on PostgreSQL, as the server starts it: a wrong setting of its pool once answered every page with an error."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.harness import ROOT

PROGRAM = """
from wsgiref.util import setup_testing_defaults

from django.db import connection

from lianshang.config.wsgi import application

def status(path):
    asked, told = {"PATH_INFO": path, "HTTP_HOST": "localhost"}, []
    setup_testing_defaults(asked)
    application(asked, lambda status, headers: told.append(status)).close()
    return told[0]

print([status("/w/") for _ in range(4)], connection.pool is not None)
"""


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_web_process_on_postgresql_serves_pages_from_its_pool():
    given = connection.settings_dict
    address = f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}"
    environment = os.environ | {"LIANSHANG_DATABASE_URL": address, "LIANSHANG_DEBUG": "1"}
    command = [sys.executable, "-c", PROGRAM]

    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.stdout.strip() == "['200 OK', '200 OK', '200 OK', '200 OK'] True", told.stderr
