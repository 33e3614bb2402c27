/* Which function runs which kind of job: one line for each handler in src/job/ and src/inbox/.  A kind without one waits. */
#include "inbox/inbox.h"
#include "job/job.h"

extern const queue_fn job_handlers[J_COUNT];

const queue_fn job_handlers[J_COUNT] = {
    [J_ANNOUNCE] = job_announce,
    [J_APPLY_POLICY] = job_apply_policy,
    [J_CLOSE_POLL] = job_close_poll,
    [J_ANNUAL_REPORT] = job_annual_report,
    [J_DELETE_ACCOUNT] = job_delete_account,
    [J_EXPIRE_STATUS] = job_expire_status,
    [J_FAN_OUT] = job_fan_out,
    [J_FEDERATE] = job_federate,
    [J_FETCH_CARD] = job_fetch_card,
    [J_FETCH_ACCOUNT] = job_fetch_account,
    [J_FETCH_EMOJI] = job_fetch_emoji,
    [J_FETCH_MEDIA] = job_fetch_media,
    [J_MERGE_NOTIFICATIONS] = job_merge_notifications,
    [J_IMPORT] = job_import,
    [J_MOVE] = job_move,
    [J_REFOLLOW] = job_refollow,
    [J_SYNC_FOLLOWERS] = job_sync_followers,
    [J_MAIL_POSTS] = job_mail_posts,
    [J_MAIL_SUBSCRIPTION] = job_mail_subscription,
    [J_NOTIFY_PUSH] = job_notify_push,
    [J_PROCESS_ACTIVITY] = job_process_activity,
    [J_PROCESS_MEDIA] = job_process_media,
    [J_INDEX_ACCOUNT] = job_index_account,
    [J_INDEX_STATUSES] = job_index_statuses,
    [J_TRENDS] = job_trends,
    [J_PRUNE] = job_prune,
    [J_PUBLISH] = job_publish,
    [J_REFRESH_INBOX] = job_refresh_inbox,
    [J_RELAY] = job_relay,
    [J_REFRESH_POLL] = job_refresh_poll,
    [J_VERIFY_LINKS] = job_verify_links,
    [J_VERIFY_QUOTE] = job_verify_quote,
    [J_READ_COLLECTION] = job_read_collection,
    [J_READ_COLLECTIONS] = job_read_collections,
    [J_SEND_MAIL] = job_send_mail,
    [J_SEVER_DOMAIN] = job_sever_domain,
};
