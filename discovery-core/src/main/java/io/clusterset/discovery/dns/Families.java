package io.clusterset.discovery.dns;

import io.clusterset.discovery.time.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Type;

/**
 * Which address families are worth asking: both, but one that said "nothing" three times in a row while the other has
 * addresses is asked once a minute. Used on the serial executor.
 */
final class Families {

    private static final int PATIENCE = 3;
    private static final long SELDOM = 60_000_000_000L;

    private final Ticker ticker;
    private final Family four = new Family(Type.A);
    private final Family six = new Family(Type.AAAA);

    Families(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Both, always. */
    static Families both() {
        return new Families(() -> 0);
    }

    List<Integer> types() {
        long now = ticker.nanos();
        List<Integer> wanted = new ArrayList<>(2);
        for (Family family : List.of(four, six)) {
            Family other = family == four ? six : four;
            boolean seldom = family.empty >= PATIENCE && other.empty == 0;
            if (!seldom || now - family.asked >= SELDOM) {
                wanted.add(family.type);
                family.asked = now;
            }
        }
        return wanted;
    }

    void learned(int type, FamilyAnswer.Kind kind) {
        Family family = type == Type.A ? four : six;
        if (kind == FamilyAnswer.Kind.EMPTY) {
            family.empty++;
        } else if (kind != FamilyAnswer.Kind.UNKNOWN) {
            family.empty = 0;
        }
    }

    private static final class Family {
        private final int type;
        private int empty;
        private long asked;

        private Family(int type) {
            this.type = type;
        }
    }
}
