/* The schema, embedded from the files in migrations/. */
#include "store/migrations.h"

#include "store/migrations_stamp.h" /* changes with the files below */

#include "queue/migration.h"

/* A file as a terminated string; the path is relative to the one that the build gives. */
#define EMBED(name, file)                                                                                              \
    __asm__(".section .rodata\n"                                                                                       \
            ".balign 16\n"                                                                                             \
            ".global " #name "\n" #name ":\n"                                                                          \
            ".incbin \"" MIGRATIONS_DIR "/" file "\"\n"                                                                \
            ".byte 0\n"                                                                                                \
            ".previous\n");                                                                                            \
    extern const char name[] __attribute__((visibility("hidden")))

EMBED(migration_0002_core, "0002_core.sql");
EMBED(migration_0003_polls, "0003_polls.sql");
EMBED(migration_0004_quotes, "0004_quotes.sql");
EMBED(migration_0005_filters, "0005_filters.sql");
EMBED(migration_0006_lists, "0006_lists.sql");
EMBED(migration_0007_conversations, "0007_conversations.sql");
EMBED(migration_0008_push, "0008_push.sql");
EMBED(migration_0009_notifications, "0009_notifications.sql");
EMBED(migration_0010_social, "0010_social.sql");
EMBED(migration_0011_search_postgres, "0011_search_postgres.sql");
EMBED(migration_0011_search_sqlite, "0011_search_sqlite.sql");
EMBED(migration_0012_trends, "0012_trends.sql");
EMBED(migration_0013_writing, "0013_writing.sql");
EMBED(migration_0014_cards, "0014_cards.sql");
EMBED(migration_0015_collections, "0015_collections.sql");
EMBED(migration_0016_announcements, "0016_announcements.sql");
EMBED(migration_0017_limits, "0017_limits.sql");
EMBED(migration_0018_terms, "0018_terms.sql");
EMBED(migration_0019_annual_report, "0019_annual_report.sql");
EMBED(migration_0020_invites, "0020_invites.sql");
EMBED(migration_0021_imports, "0021_imports.sql");
EMBED(migration_0022_reactions, "0022_reactions.sql");
EMBED(migration_0040_media_cache, "0040_media_cache.sql");
EMBED(migration_0041_misc, "0041_misc.sql");
EMBED(migration_0042_trend_links, "0042_trend_links.sql");
EMBED(migration_0043_email_subscriptions, "0043_email_subscriptions.sql");
EMBED(migration_0047_history, "0047_history.sql");
EMBED(migration_0048_identity, "0048_identity.sql");
EMBED(migration_0049_policy, "0049_policy.sql");
EMBED(migration_0044_collections_elsewhere, "0044_collections_elsewhere.sql");
EMBED(migration_0060_directory, "0060_directory.sql");
EMBED(migration_0063_federation, "0063_federation.sql");
EMBED(migration_0064_node, "0064_node.sql");
EMBED(migration_0065_indexes, "0065_indexes.sql");
EMBED(migration_0066_mail, "0066_mail.sql");
EMBED(migration_0068_client_settings, "0068_client_settings.sql");
EMBED(migration_0069_activity_topic, "0069_activity_topic.sql");
EMBED(migration_0071_copy, "0071_copy.sql");
EMBED(migration_0072_report_collections, "0072_report_collections.sql");
EMBED(migration_0061_passkey, "0061_passkey.sql");
EMBED(migration_0062_own, "0062_own.sql");
EMBED(migration_0050_interaction_policy, "0050_interaction_policy.sql");
EMBED(migration_0051_status_collection, "0051_status_collection.sql");

const struct db_migration store_migrations[] = {
    QUEUE_MIGRATION,
    { .version = 2, .name = "core", .sql = migration_0002_core },
    { .version = 3, .name = "polls", .sql = migration_0003_polls },
    { .version = 4, .name = "quotes", .sql = migration_0004_quotes },
    { .version = 5, .name = "filters", .sql = migration_0005_filters },
    { .version = 6, .name = "lists", .sql = migration_0006_lists },
    { .version = 7, .name = "conversations", .sql = migration_0007_conversations },
    { .version = 8, .name = "push", .sql = migration_0008_push },
    { .version = 9, .name = "notifications", .sql = migration_0009_notifications },
    { .version = 10, .name = "social", .sql = migration_0010_social },
    { .version = 11,
        .name = "search",
        .sql_sqlite = migration_0011_search_sqlite,
        .sql_postgres = migration_0011_search_postgres },
    { .version = 12, .name = "trends", .sql = migration_0012_trends },
    { .version = 13, .name = "writing", .sql = migration_0013_writing },
    { .version = 14, .name = "cards", .sql = migration_0014_cards },
    { .version = 15, .name = "collections", .sql = migration_0015_collections },
    { .version = 16, .name = "announcements", .sql = migration_0016_announcements },
    { .version = 17, .name = "limits", .sql = migration_0017_limits },
    { .version = 18, .name = "terms", .sql = migration_0018_terms },
    { .version = 19, .name = "annual_report", .sql = migration_0019_annual_report },
    { .version = 20, .name = "invites", .sql = migration_0020_invites },
    { .version = 21, .name = "imports", .sql = migration_0021_imports },
    { .version = 22, .name = "reactions", .sql = migration_0022_reactions },
    { .version = 40, .name = "media_cache", .sql = migration_0040_media_cache },
    { .version = 41, .name = "misc", .sql = migration_0041_misc },
    { .version = 42, .name = "trend_links", .sql = migration_0042_trend_links },
    { .version = 43, .name = "email_subscriptions", .sql = migration_0043_email_subscriptions },
    { .version = 44, .name = "collections_elsewhere", .sql = migration_0044_collections_elsewhere },
    { .version = 47, .name = "history", .sql = migration_0047_history },
    { .version = 48, .name = "identity", .sql = migration_0048_identity },
    { .version = 49, .name = "policy", .sql = migration_0049_policy },
    { .version = 50, .name = "interaction_policy", .sql = migration_0050_interaction_policy },
    { .version = 51, .name = "status_collection", .sql = migration_0051_status_collection },
    { .version = 60, .name = "directory", .sql = migration_0060_directory },
    { .version = 61, .name = "passkey", .sql = migration_0061_passkey },
    { .version = 62, .name = "own", .sql = migration_0062_own },
    { .version = 63, .name = "federation", .sql = migration_0063_federation },
    { .version = 64, .name = "node", .sql = migration_0064_node },
    { .version = 65, .name = "indexes", .sql = migration_0065_indexes },
    { .version = 66, .name = "mail", .sql = migration_0066_mail },
    { .version = 68, .name = "client_settings", .sql = migration_0068_client_settings },
    { .version = 69, .name = "activity_topic", .sql = migration_0069_activity_topic },
    { .version = 71, .name = "copy", .sql = migration_0071_copy },
    { .version = 72, .name = "report_collections", .sql = migration_0072_report_collections },
};
const size_t store_migrations_n = lengthof(store_migrations);
