package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.Probing;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Place;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One stage's options: which settings they have, how each is read, put into the builder and shown. The one place where a
 * setting and an option meet. Immutable.
 *
 * @param <B> the builder
 * @param <O> the options
 */
final class OptionGroup<B, O> {

    /** What has no word in settings: a balancer or a policy made by the application, whose text says where it lies in memory. */
    private static final String APPLICATIONS_OWN = "(the application's own)";

    private final String name;
    private final Supplier<B> builder;
    private final Function<B, O> build;
    private final List<Knob<B, O, ?>> knobs = new ArrayList<>();

    /** With the first part of its settings' keys. */
    OptionGroup(String name, Supplier<B> builder, Function<B, O> build) {
        this.name = name;
        this.builder = builder;
        this.build = build;
    }

    <T> OptionGroup<B, O> with(
            Setting setting, Function<String, T> read, BiConsumer<B, T> put, Function<O, Object> shown) {
        knobs.add(new Knob<>(setting, read, put, shown));
        return this;
    }

    /**
     * What the settings say, and on top of it the application.
     *
     * @throws IllegalArgumentException if the settings alone come to something invalid, with key, value and origin; or what the
     *     application says does
     */
    O plan(Settings settings, UnaryOperator<B> application, Consumer<Provenance> told) {
        B base = builder.get();
        O set;
        try {
            for (Knob<B, O, ?> knob : knobs) {
                knob.apply(settings, base);
            }
            set = build.apply(base);
        } catch (Malformed malformed) {
            throw malformed.refused;
        } catch (IllegalArgumentException refused) {
            throw settings.refused(name, refused);
        }
        O planned = applied(settings, application, base);
        for (Knob<B, O, ?> knob : knobs) {
            Object value = knob.shown.apply(planned);
            boolean said = !value.equals(knob.shown.apply(set));
            told.accept(new Provenance(
                    knob.setting.property(),
                    show(value),
                    said ? Provenance.BUILDER : settings.origin(knob.setting).orElse(Provenance.DEFAULT)));
        }
        return planned;
    }

    /** The application may contradict a setting it does not know of. */
    private O applied(Settings settings, UnaryOperator<B> application, B base) {
        B changed = application.apply(base);
        try {
            return build.apply(changed);
        } catch (IllegalArgumentException refused) {
            throw settings.refused(
                    refused, knobs.stream().map(knob -> knob.setting).toArray(Setting[]::new));
        }
    }

    /** A value as settings write it. */
    static String show(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(OptionGroup::show).orElse("");
        } else if (value instanceof OptionalInt number) {
            return number.isPresent() ? String.valueOf(number.getAsInt()) : "";
        } else if (value instanceof Collection<?> all) {
            return all.stream().map(OptionGroup::show).collect(Collectors.joining(separator(all)));
        } else if (value instanceof Duration duration) {
            return Settings.formatDuration(duration);
        } else if (value instanceof InetSocketAddress address) {
            return Endpoint.of(address.getAddress(), address.getPort()).authority();
        } else if (value instanceof Endpoint endpoint) {
            return endpoint.authority();
        } else if (value instanceof Probing probing) {
            return probing.word();
        } else if (value instanceof Probe probe) {
            return show(probe);
        }
        String text = String.valueOf(value);
        if (text.equals(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()))) {
            return APPLICATIONS_OWN;
        }
        return Settings.written(value instanceof Balancer ? Settings.inNotation(text) : text);
    }

    /** Addresses and numbers hold neither commas nor blanks; tiers and places do. */
    private static String separator(Collection<?> all) {
        return all.stream().anyMatch(one -> one instanceof Tier || one instanceof Place) ? "; " : ",";
    }

    private static String show(Probe probe) {
        if (probe instanceof Probe.Http http) {
            return "http:" + Settings.written(http.path());
        } else if (probe instanceof Probe.Https https) {
            return "https:" + Settings.written(https.path());
        }
        return probe instanceof Probe.Tcp ? "tcp" : "none";
    }

    /**
     * One setting of one option.
     *
     * @param read refuses what is malformed
     * @param put may refuse what is out of range, in the words of the option
     * @param shown the value that came of it
     */
    private record Knob<B, O, T>(
            Setting setting, Function<String, T> read, BiConsumer<B, T> put, Function<O, Object> shown) {

        void apply(Settings settings, B base) {
            Optional<T> value;
            try {
                value = settings.read(setting, read);
            } catch (IllegalArgumentException malformed) {
                throw new Malformed(malformed);
            }
            value.ifPresent(said -> put.accept(base, said));
        }
    }

    /** A value that could not be read; what is wrong has been said in full. */
    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final IllegalArgumentException refused;

        Malformed(IllegalArgumentException refused) {
            super(refused);
            this.refused = refused;
        }
    }
}
