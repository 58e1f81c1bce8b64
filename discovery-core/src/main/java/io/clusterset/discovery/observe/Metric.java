package io.clusterset.discovery.observe;

import org.jspecify.annotations.Nullable;

/** Every metric there is. The guide to them ({@code docs/guides/metrics.md}) is held against this list by a test. */
enum Metric {
    ENABLED("discovery.enabled", null, "1 while the library does its work, 0 while it is switched off"),
    SERVICES("discovery.services", "services", "Services in use: shown each by its name, or together as other"),
    CACHE_REQUESTS(
            "discovery.cache.requests",
            "requests",
            "Names somebody began to use that were known (hit); questions to sources, refreshes included (miss)"),
    CACHE_CONFIRMATIONS(
            "discovery.cache.confirmations",
            "confirmations",
            "Questions asked once more because the first answer was surprising"),
    CACHE_NAMES("discovery.cache.names", "names", "Names that are kept fresh at present"),
    EVENTS("discovery.events", "events", "Events of each kind"),
    EVENTS_UNTOLD("discovery.events.untold", null, "Events that no listener was told because one was too slow"),
    METRICS_FAILURES(
            "discovery.metrics.failures", "failures", "How often these metrics could not be read, shown or withdrawn"),

    CALLS("discovery.calls", "calls", "Calls made through the library's own call and callAsync"),
    RETRIES("discovery.retries", "retries", "Further attempts of these calls: made, or not made for want of budget"),
    RETRY_BUDGET("discovery.retry.budget", null, "Retries that are allowed at once now"),
    FAILOVERS(
            "discovery.failovers",
            "failovers",
            "How often the tier with most load became one behind home, or further behind"),
    AWAY("discovery.away", "seconds", "Time in which home was not the tier with most load, though some tier was"),
    SHED("discovery.shed", null, "Percent of calls that fail at once since no tier may take more"),

    PICKS("discovery.picks", "picks", "Attempts that began: an endpoint was picked"),
    ATTEMPTS("discovery.attempts", "attempts", "Attempts that ended, and how"),
    LOAD("discovery.load", null, "The tier's share of the traffic, in percent"),
    PANIC("discovery.panic", null, "1 while all endpoints of the tier are used, whatever their verdicts"),
    ENDPOINTS(
            "discovery.endpoints",
            "endpoints",
            "Endpoints that are known; eligible ones that count as healthy, or take no traffic or a few attempts only"),
    STALE_AGE(
            "discovery.stale.age",
            "seconds",
            "For how long the tier's source could not tell while endpoints are kept; 0 while it can"),
    LOOKUPS("discovery.lookups", "seconds", "Answers of the tier's source, and how long they took");

    private final String title;
    private final @Nullable String unit;
    private final String description;

    Metric(String title, @Nullable String unit, String description) {
        this.title = title;
        this.unit = unit;
        this.description = description;
    }

    String title() {
        return title;
    }

    @Nullable
    String unit() {
        return unit;
    }

    String description() {
        return description;
    }
}
