package io.clusterset.discovery.model;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known by address and port: a hash table with nothing in it but its values, since there may be a hundred thousand.
 * Iterates in an order that depends on the addresses alone. Not thread-safe.
 *
 * @param <T> what is known
 */
public final class EndpointTable<T> {

    private static final int FEWEST = 8;

    private final Function<T, Endpoint> key;
    private @Nullable Object[] slots;
    private int size;

    /**
     * An empty one.
     *
     * @param key whose address and port a value has; they never change
     */
    public EndpointTable(Function<T, Endpoint> key) {
        this(key, 0);
    }

    /** An empty one with room for so many. */
    public EndpointTable(Function<T, Endpoint> key, int expected) {
        this.key = key;
        this.slots = new @Nullable Object[capacity(expected)];
    }

    private static int capacity(int values) {
        int capacity = FEWEST;
        while (capacity * 3L / 4 < values) {
            capacity *= 2;
        }
        return capacity;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** One of this address and port. */
    public Optional<T> find(Endpoint endpoint) {
        int at = endpoint.addressHash() & (slots.length - 1);
        T one = at(at);
        while (one != null && !key.apply(one).sameAddress(endpoint)) {
            at = (at + 1) & (slots.length - 1);
            one = at(at);
        }
        return Optional.ofNullable(one);
    }

    /** One more, be there another of its address or not. */
    public void add(T one) {
        if ((size + 1) * 4L > slots.length * 3L) {
            resize(slots.length * 2);
        }
        size++;
        insert(one);
    }

    private void insert(T one) {
        int at = home(one);
        while (slots[at] != null) {
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = one;
    }

    /** Removes this very value. */
    public void remove(T one) {
        int at = home(one);
        while (slots[at] != null && slots[at] != one) {
            at = (at + 1) & (slots.length - 1);
        }
        if (slots[at] == null) {
            return;
        }
        size--;
        slots[at] = null;
        close(at);
        if (slots.length > FEWEST && size * 8L < slots.length) {
            resize(capacity(size * 2));
        }
    }

    /** Moves up what had to go past the slot that is empty now. */
    private void close(int empty) {
        int mask = slots.length - 1;
        int hole = empty;
        int next = (hole + 1) & mask;
        T moving = at(next);
        while (moving != null) {
            boolean mayMove = ((next - home(moving)) & mask) >= ((next - hole) & mask);
            if (mayMove) {
                slots[hole] = moving;
                slots[next] = null;
                hole = next;
            }
            next = (next + 1) & mask;
            moving = at(next);
        }
    }

    private void resize(int capacity) {
        @Nullable Object[] before = slots;
        slots = new @Nullable Object[capacity];
        for (int i = 0; i < before.length; i++) {
            T one = cast(before[i]);
            if (one != null) {
                insert(one);
            }
        }
    }

    /** All of them; one that comes or goes meanwhile may be seen or not, or make another unseen. */
    public void forEach(Consumer<T> action) {
        @Nullable Object[] all = slots;
        for (int i = 0; i < all.length; i++) {
            T one = cast(all[i]);
            if (one != null) {
                action.accept(one);
            }
        }
    }

    /** Removes all of them. */
    public void clear() {
        slots = new @Nullable Object[FEWEST];
        size = 0;
    }

    private int home(T one) {
        return key.apply(one).addressHash() & (slots.length - 1);
    }

    private @Nullable T at(int slot) {
        return cast(slots[slot]);
    }

    @SuppressWarnings("unchecked") // nothing else is put in
    private @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }
}
