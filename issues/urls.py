from django.urls import path

from .views import department, desk, feedback, intake, issues, log, merge_desk, merging, opinions, splitting

app_name = "issues"

urlpatterns = [
    path("opinions/", opinions.opinion_list, name="opinion_list"),
    path("opinions/new/", intake.opinion_create, name="opinion_create"),
    path("opinions/merge/", merging.opinion_merge, name="opinion_merge"),
    path("opinions/set-aside/", merging.opinion_set_aside, name="opinion_set_aside"),
    path("opinions/take-up/", merging.opinion_take_up, name="opinion_take_up"),
    path("opinions/<uuid:key>/", opinions.opinion_detail, name="opinion_detail"),
    path("opinions/<uuid:key>/edit/", opinions.opinion_update, name="opinion_update"),
    path("visits/<uuid:key>/opinions/new/", intake.visit_opinion, name="visit_opinion"),
    path("friends/<uuid:key>/opinions/", opinions.worker_opinions, name="worker_opinions"),
    path("issues/", issues.issue_list, name="issue_list"),
    path("issues/new/", merging.issue_create, name="issue_create"),
    path("issues/merge/", merge_desk.merge_desk, name="merge_desk"),
    path("issues/merge/issues/", merge_desk.merge_desk_issues, name="merge_desk_issues"),
    path("issues/due/", merging.issue_due, name="issue_due"),
    path("issues/<uuid:key>/", issues.issue_detail, name="issue_detail"),
    path("issues/<uuid:key>/edit/", desk.issue_update, name="issue_update"),
    path("issues/<uuid:key>/dispatch/", desk.issue_dispatch, name="issue_dispatch"),
    path("issues/<uuid:key>/withdraw/", desk.issue_withdraw, name="issue_withdraw"),
    path("issues/<uuid:key>/close/", desk.issue_close, name="issue_close"),
    path("issues/<uuid:key>/reopen/", desk.issue_reopen, name="issue_reopen"),
    path("issues/<uuid:key>/void/", desk.issue_void, name="issue_void"),
    path("issues/<uuid:key>/split/", splitting.issue_split, name="issue_split"),
    path("issues/<uuid:key>/join/", splitting.issue_join, name="issue_join"),
    path("issues/<uuid:key>/rejoin/", splitting.issue_rejoin, name="issue_rejoin"),
    path("issues/<uuid:key>/unmerge/", merging.opinion_unmerge, name="opinion_unmerge"),
    path("dept/", department.dept_list, name="dept_list"),
    path("dept/done/", department.dept_done_list, name="dept_done_list"),
    path("dept/<uuid:key>/", department.dept_detail, name="dept_detail"),
    path("dept/<uuid:key>/accept/", department.dept_accept, name="dept_accept"),
    path("dept/<uuid:key>/return/", department.dept_return, name="dept_return"),
    path("callbacks/", feedback.feedback_list, name="feedback_list"),
    path("callbacks/<uuid:key>/", feedback.feedback_detail, name="feedback_detail"),
    path("callbacks/<uuid:key>/unreachable/", feedback.feedback_unreachable, name="feedback_unreachable"),
    path("callbacks/<uuid:key>/publish/", feedback.feedback_publish, name="feedback_publish"),
    path("log/", log.log_create, name="log_create"),
]
