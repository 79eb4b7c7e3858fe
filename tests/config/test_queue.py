"""Through a real broker and a real worker process, on the engine of this run."""

from datetime import timedelta

from django.utils import timezone
from django_celery_results.models import TaskResult

from config.celery import app
from tests.workers import wait_until


def old_result() -> TaskResult:
    result = TaskResult.objects.create(task_id="old", status="FAILURE")
    TaskResult.objects.update(date_done=timezone.now() - timedelta(days=60))
    return result


def test_worker_does_its_work_on_the_database_of_the_test(worker):
    old_result()
    app.send_task("celery.backend_cleanup")
    wait_until(lambda: not TaskResult.objects.exists())


def test_message_of_a_killed_worker_is_done_by_the_next(worker):
    worker.kill()
    old_result()
    app.send_task("celery.backend_cleanup")
    assert TaskResult.objects.exists()
    worker.start()
    wait_until(lambda: not TaskResult.objects.exists())


def test_failure_of_a_task_is_kept_for_the_admin(worker):
    app.send_task("celery.backend_cleanup", args=["an argument it does not take"])
    wait_until(lambda: TaskResult.objects.filter(task_name="celery.backend_cleanup", status="FAILURE").exists())
