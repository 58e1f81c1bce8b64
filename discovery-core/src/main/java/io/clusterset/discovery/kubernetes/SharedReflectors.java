package io.clusterset.discovery.kubernetes;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The reflectors of one kind, each of them there as long as somebody needs it. Used on the serial executor. */
final class SharedReflectors<T> {

    private final Function<Selection<T>, Reflector<T>> made;
    private final Places places;
    private final Map<String, Counted<T>> reflectors = new HashMap<>();

    /**
     * None yet.
     *
     * @param made makes a reflector, which is not started yet
     * @param places how many there may be, of all kinds together
     */
    SharedReflectors(Function<Selection<T>, Reflector<T>> made, Places places) {
        this.made = made;
        this.places = places;
    }

    /** How many watches there may be. */
    static final class Places {
        private final int most;
        private int taken;

        Places(int most) {
            this.most = most;
        }

        boolean take() {
            if (taken >= most) {
                return false;
            }
            taken++;
            return true;
        }

        void giveBack() {
            taken--;
        }

        int most() {
            return most;
        }
    }

    /** What somebody needs of one of them. */
    interface Part {
        Reflector.State state();

        /** What leave to see it is given for. */
        Turnstile.Place place();

        /** What is watched, for people. */
        String shown();

        /** As {@link Reflector#refresh}. */
        void refresh(Runnable done);

        /** Not needed any more; once. */
        void release();
    }

    /** With what belongs to one key. */
    interface Items<T> extends Part {
        Collection<Item<T>> items();
    }

    /**
     * What belongs to a key of a selection; empty if there are too many watches already.
     *
     * @param changed told of every change of it and of the state
     */
    Optional<Items<T>> need(Selection<T> selection, String key, Runnable changed) {
        String path = selection.path("");
        Counted<T> counted = reflectors.get(path);
        boolean begins = counted == null;
        if (counted == null) {
            if (!places.take()) {
                return Optional.empty();
            }
            counted = new Counted<>(made.apply(selection));
            reflectors.put(path, counted);
        }
        Reflector<T> reflector = counted.reflector;
        counted.users++;
        reflector.add(key, changed);
        if (begins) {
            reflector.start();
        }
        return Optional.of(new Items<>() {
            @Override
            public Collection<Item<T>> items() {
                return reflector.of(key);
            }

            @Override
            public Reflector.State state() {
                return reflector.state();
            }

            @Override
            public Turnstile.Place place() {
                return selection.place();
            }

            @Override
            public String shown() {
                return selection.shown();
            }

            @Override
            public void refresh(Runnable done) {
                reflector.refresh(done);
            }

            @Override
            public void release() {
                reflector.remove(key, changed);
                leave(path);
            }
        });
    }

    void close() {
        reflectors.values().forEach(counted -> {
            counted.reflector.end();
            places.giveBack();
        });
        reflectors.clear();
    }

    private void leave(String path) {
        Counted<T> counted = reflectors.get(path);
        if (counted == null) {
            return; // closed
        }
        counted.users--;
        if (counted.users == 0) {
            reflectors.remove(path);
            counted.reflector.end();
            places.giveBack();
        }
    }

    private static final class Counted<T> {
        private final Reflector<T> reflector;
        private int users;

        Counted(Reflector<T> reflector) {
            this.reflector = reflector;
        }
    }
}
