/* Reading the parameters of posts, and answering with what became of them. */
#ifndef API_POST_H
#define API_POST_H

#include "api/handlers.h"
#include "model/post.h"
#include "service/status.h"

/* v: the tree of a request, or an object in it.  INVALID naming what is wrong, as http/params.h. */
NODISCARD enum err api_post_read(struct ctx *c, const struct val *v, struct post_params *out);
/* Files that came as thumbnails of the media_attributes of p, which were read from r->args. */
NODISCARD enum err api_post_thumbnails(struct ctx *c, const struct req *r, struct post_params *p);
/* Its member `posts`: a thread. */
NODISCARD enum err api_posts_read(struct ctx *c, const struct val *v, struct posts *out);
/* A member that is a date and time; 0: absent, null or empty. */
NODISCARD enum err api_time_read(struct ctx *c, const struct val *v, const char *name, int64_t *out);
/* A Status, with list an array of them, or a ScheduledStatus. */
NODISCARD enum err api_answer_posted(struct ctx *c, struct req *r, const struct posted *p, bool list);

#endif
