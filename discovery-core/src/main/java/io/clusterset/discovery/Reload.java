package io.clusterset.discovery;

import io.clusterset.discovery.model.Provenance;
import java.util.List;

/**
 * What came of reading the settings again. Immutable.
 *
 * @param changed the settings that hold now and did not before
 * @param refused those that can't change while the process runs: key, value, origin and why; what held before holds on
 */
public record Reload(List<Provenance> changed, List<String> refused) {

    /** Copies the lists. */
    public Reload {
        changed = List.copyOf(changed);
        refused = List.copyOf(refused);
    }

    /** Whether all is as it was. */
    public boolean isEmpty() {
        return changed.isEmpty() && refused.isEmpty();
    }
}
