package io.clusterset.discovery.model;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that changed a decision, or failed to. One sealed type; immutable. {@link Object#toString()} is a sentence of one
 * line, whatever came from outside.
 */
public sealed interface Event {

    /** All words that {@link #kind()} says. */
    List<String> KINDS = List.of(
            "answer",
            "stale",
            "dropped",
            "verdict",
            "health",
            "load",
            "panic",
            "return",
            "drill",
            "settings",
            "limit",
            "trouble");

    /** One of {@link #KINDS}: the word used in logs, JSON and metrics. */
    String kind();

    /**
     * The service it is about; the endpoint's address for {@link VerdictChanged}, the tier for {@link Drill}, {@code settings}
     * for {@link Reloaded}; empty if it is about none.
     */
    String subject();

    /** The tier it is about; empty if it is about none, or several. */
    default String tier() {
        return "";
    }

    /**
     * A tier's source answered something of another kind than before, or with other endpoints.
     *
     * @param subject the service
     * @param tier the tier
     * @param resolution the answer
     */
    record Answered(String subject, String tier, Resolution resolution) implements Event {
        @Override
        public String kind() {
            return "answer";
        }

        @Override
        public String toString() {
            int size = resolution.endpoints().size();
            String count = size == 0
                    ? ""
                    : resolution.stale()
                            ? ", " + size + (size == 1 ? " stale endpoint kept" : " stale endpoints kept")
                            : " " + size;
            String detail = resolution.evidence().detail();
            String rcode = resolution.evidence().rcode();
            return subject + ": " + tier + " " + resolution.word().replace('-', ' ') + count
                    + (detail.isEmpty() ? (rcode.isEmpty() ? "" : " (" + rcode + ")") : " (" + detail + ")");
        }
    }

    /**
     * A tier's source could not tell any more while endpoints are kept, or can tell again.
     *
     * @param subject the service
     * @param tier the tier
     * @param kept how many endpoints are, or were, kept
     * @param stale whether it could not tell
     * @param age for how long they had not been found at that moment
     */
    record StaleChanged(String subject, String tier, int kept, boolean stale, Duration age) implements Event {
        @Override
        public String kind() {
            return "stale";
        }

        @Override
        public String toString() {
            return subject + ": " + tier
                    + (stale
                            ? " can't tell, " + kept + " kept, found " + Text.time(age) + " ago"
                            : " can tell again after " + Text.time(age) + ", " + kept + " were kept");
        }
    }

    /**
     * A tier's source left out addresses that it had not left out before.
     *
     * @param subject the service
     * @param tier the tier
     * @param dropped all that its last answer had to leave out
     */
    record AddressesDropped(String subject, String tier, List<Evidence.Dropped> dropped) implements Event {
        private static final int SHOWN = 3;

        /** Copies the list. */
        public AddressesDropped {
            dropped = List.copyOf(dropped);
        }

        @Override
        public String kind() {
            return "dropped";
        }

        @Override
        public String toString() {
            String shown = dropped.stream()
                    .limit(SHOWN)
                    .map(one -> one.address() + " (" + one.rule() + ")")
                    .collect(Collectors.joining(", "));
            String more = dropped.size() <= SHOWN ? "" : " and " + (dropped.size() - SHOWN) + " more";
            return Text.line(subject + ": " + tier + " left out " + shown + more);
        }
    }

    /**
     * An endpoint's verdict changed.
     *
     * @param subject the endpoint's address and port
     * @param from the verdict before
     * @param to the verdict now
     */
    record VerdictChanged(String subject, Verdict from, Verdict to) implements Event {
        @Override
        public String kind() {
            return "verdict";
        }

        @Override
        public String toString() {
            return subject + ": " + from.state().word() + " -> " + to;
        }
    }

    /**
     * More or fewer of a tier's eligible endpoints are unhealthy, or missing, than before.
     *
     * @param subject the service
     * @param tier the tier
     * @param healthy how many count as healthy
     * @param total how many there are, or should be
     * @param why what ails the first of them, in words; empty if all are well
     */
    record HealthChanged(String subject, String tier, int healthy, int total, String why) implements Event {
        @Override
        public String kind() {
            return "health";
        }

        @Override
        public String toString() {
            return subject + ": " + tier + " " + healthy + " of " + total + " healthy"
                    + (why.isEmpty() ? "" : " (" + why + ")");
        }
    }

    /**
     * A tier began or ceased to use all its endpoints, the sick ones too.
     *
     * @param subject the service
     * @param tier the tier
     * @param panic whether it does
     */
    record PanicChanged(String subject, String tier, boolean panic) implements Event {
        @Override
        public String kind() {
            return "panic";
        }

        @Override
        public String toString() {
            return subject + ": " + tier
                    + (panic
                            ? " panics: the tiers together can't carry the load, so its sick endpoints are used too"
                            : " panics no more: its sick endpoints are passed over again");
        }
    }

    /**
     * A tier's return came a stage further, or failed.
     *
     * @param subject the service
     * @param tier the tier
     * @param failed whether it must begin anew
     * @param what the stage, in words
     */
    record ReturnChanged(String subject, String tier, boolean failed, String what) implements Event {
        @Override
        public String kind() {
            return "return";
        }

        @Override
        public String toString() {
            return subject + ": return of " + tier + ": " + what;
        }
    }

    /**
     * The split of load over the tiers changed.
     *
     * @param subject the service
     * @param loads all tiers, in order
     */
    record LoadChanged(String subject, List<TierLoad> loads) implements Event {
        /** Copies the list. */
        public LoadChanged {
            loads = List.copyOf(loads);
        }

        @Override
        public String kind() {
            return "load";
        }

        /** The tier with most load, or empty text if none has any. */
        public String mostLoaded() {
            return TierLoad.most(loads);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(subject).append(": load");
            loads.forEach(load -> text.append(' ')
                    .append(load.tier())
                    .append(' ')
                    .append(load.percent())
                    .append(" %"));
            int sum = loads.stream().mapToInt(TierLoad::percent).sum();
            text.append(sum > 0 && sum < 100 ? " shed " + (100 - sum) + " %" : "");
            loads.stream()
                    .filter(load -> !load.reason().isEmpty())
                    .findFirst()
                    .ifPresent(load -> text.append(" (")
                            .append(load.tier())
                            .append(": ")
                            .append(load.reason())
                            .append(')'));
            return text.toString();
        }
    }

    /**
     * A tier is forced to a share of the traffic for a while, or no longer.
     *
     * @param tier the tier
     * @param what what happened
     */
    record Drill(String tier, String what) implements Event {
        @Override
        public String kind() {
            return "drill";
        }

        @Override
        public String subject() {
            return tier;
        }

        @Override
        public String toString() {
            return "drill of " + tier + ": " + what;
        }
    }

    /**
     * Settings were read again and say something else.
     *
     * @param changed what holds now and did not before
     * @param refused what was not taken over, and why
     */
    record Reloaded(List<Provenance> changed, List<String> refused) implements Event {
        /** What it is about, in place of a service. */
        public static final String SETTINGS = "settings";

        /** Copies the lists. */
        public Reloaded {
            changed = List.copyOf(changed);
            refused = List.copyOf(refused);
        }

        @Override
        public String kind() {
            return "settings";
        }

        @Override
        public String subject() {
            return SETTINGS;
        }

        /** Whether somebody should know: something was refused, or the library switched off. */
        public boolean isTrouble() {
            return !refused.isEmpty()
                    || changed.stream()
                            .anyMatch(one -> one.key().equals("discovery.enabled")
                                    && one.value().equals("false"));
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("settings:");
            // what was refused first: a long line is cut
            Stream.concat(refused.stream(), changed.stream().map(Provenance::toString))
                    .forEach(one -> text.append(text.charAt(text.length() - 1) == ':' ? " " : ", ")
                            .append(one));
            return text.toString();
        }
    }

    /**
     * A limit was met; said once per change of state.
     *
     * @param subject the service, or empty
     * @param what which limit, and what was done
     */
    record Limit(String subject, String what) implements Event {
        /** Escapes the words. */
        public Limit {
            what = Text.line(what);
        }

        @Override
        public String kind() {
            return "limit";
        }

        @Override
        public String toString() {
            return subject.isEmpty() ? what : subject + ": " + what;
        }
    }

    /**
     * Something is wrong that somebody should look at: a nameserver is silent, something the user gave threw; contained, and said
     * once per change of state.
     *
     * @param subject the service, or empty
     * @param what what is wrong, and what was done
     */
    record Trouble(String subject, String what) implements Event {
        /** Escapes the words. */
        public Trouble {
            what = Text.line(what);
        }

        @Override
        public String kind() {
            return "trouble";
        }

        @Override
        public String toString() {
            return subject.isEmpty() ? what : subject + ": " + what;
        }
    }
}
