"""`./run bench` alone says what there is to measure."""

import io

from django.core.management import call_command

from config.management.commands.bench import measurements


def test_without_a_name_the_measurements_are_listed():
    out = io.StringIO()
    call_command("bench", stdout=out)
    told = out.getvalue().splitlines()
    assert [line.split()[2] for line in told] == list(measurements())
    assert all(len(line.split()) > 3 for line in told)
