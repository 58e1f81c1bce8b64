package io.clusterset.discovery.model;

import java.util.List;

/** Something that changed a decision, or failed to. One sealed type; immutable. */
public sealed interface Event {

    /**
     * The service it is about; the endpoint's address for {@link VerdictChanged}, the tier for {@link Drill}, {@code settings}
     * for {@link Reloaded}; empty if it is about none.
     */
    String subject();

    /**
     * A tier's source answered something of another kind than before, or with other endpoints.
     *
     * @param subject the service
     * @param tier the tier
     * @param resolution the answer
     */
    record Answered(String subject, String tier, Resolution resolution) implements Event {
        @Override
        public String toString() {
            String count = resolution.endpoints().isEmpty()
                    ? ""
                    : " " + resolution.endpoints().size();
            String detail = resolution.evidence().detail();
            String rcode = resolution.evidence().rcode();
            return subject + ": " + tier + " " + resolution.word() + count + (resolution.stale() ? " (stale)" : "")
                    + (detail.isEmpty() ? (rcode.isEmpty() ? "" : " (" + rcode + ")") : " (" + detail + ")");
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
        public String toString() {
            return subject + ": " + from.state().word() + " -> " + to;
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
            changed.forEach(one -> text.append(text.charAt(text.length() - 1) == ':' ? " " : ", ")
                    .append(one));
            refused.forEach(one -> text.append(text.charAt(text.length() - 1) == ':' ? " " : ", ")
                    .append(one));
            return text.toString();
        }
    }

    /**
     * A limit was met, or something the user gave threw; contained, and said once per change of state.
     *
     * @param subject the service, or empty
     * @param what which limit or callback, and what was done
     */
    record Trouble(String subject, String what) implements Event {
        @Override
        public String toString() {
            return subject.isEmpty() ? what : subject + ": " + what;
        }
    }
}
