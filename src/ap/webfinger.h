/* WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo.  https://www.rfc-editor.org/rfc/rfc7033 */
#ifndef AP_WEBFINGER_H
#define AP_WEBFINGER_H

#include "ap/write.h"
#include "base/err.h"

struct ap_jrd {
    struct str subject; /* as written */
    struct str user;    /* of an acct: subject; p NULL otherwise */
    struct str domain;
    struct str self;      /* actor id; p NULL when there is no such link */
    struct str subscribe; /* template with {uri} */
};

/* Errors: BAD_REQUEST (not a JRD), INVALID (no self link of an ActivityPub type). */
NODISCARD enum err ap_jrd_read(struct arena *a, struct str bytes, struct ap_jrd *out, const char **why);
/* acct:u@h, u@h, @u@h; host in lower case; false for anything else. */
bool ap_acct_parse(struct arena *a, struct str s, struct str *user, struct str *domain);

/* What ?resource= asks for on our server; the host must be ours (site's domain, host, or one of alternates). */
enum ap_wf_kind { AP_WF_NONE, AP_WF_NAME, AP_WF_ACCOUNT, AP_WF_SITE };
struct ap_wf {
    enum ap_wf_kind kind;
    struct str name; /* AP_WF_NAME: local name as written */
    int64_t account_id;
};
void ap_wf_resource(
    struct arena *a, const struct ap_site *site, struct strs alternates, struct str resource, struct ap_wf *out);

struct ap_jrd_out {
    struct str name;
    int64_t account_id; /* 0: the server itself */
    struct str avatar_url, avatar_type;
};
struct str ap_jrd_write(struct arena *a, const struct ap_site *site, const struct ap_jrd_out *o);
struct str ap_host_meta_xml(struct arena *a, const struct ap_site *site);
struct str ap_host_meta_json(struct arena *a, const struct ap_site *site);
/* The template of a foreign host-meta (XRD) for lrdd; false when there is none.  {uri} is in it. */
bool ap_host_meta_read(struct arena *a, struct str xml, struct str *out_template);

struct ap_nodeinfo {
    struct str name, description; /* of the server */
    struct str repository, homepage;
    bool open_registrations;
    int64_t users, active_month, active_halfyear, posts; /* users < 0: hidden */
    struct strs staff;                                   /* actor ids */
};
struct str ap_nodeinfo_links(struct arena *a, const struct ap_site *site);
/* version "2.0" or "2.1" */
struct str ap_nodeinfo_write(
    struct arena *a, const struct ap_site *site, struct str version, const struct ap_nodeinfo *n);

#endif
