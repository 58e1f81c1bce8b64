package io.clusterset.discovery.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalityTest {

    @Test
    void whatIsUnknownIsFilledInPartByPart() {
        Locality mine = new Locality("", "a", "");
        assertThat(mine.or(new Locality("r", "b", "n"))).isEqualTo(new Locality("r", "a", "n"));
        assertThat(mine.or(Locality.UNKNOWN)).isSameAs(mine);
        assertThat(mine.or(new Locality("", "b", ""))).isSameAs(mine);
        assertThat(Locality.UNKNOWN.or(mine)).isSameAs(mine);
        assertThat(Locality.UNKNOWN.isUnknown()).isTrue();
        assertThat(new Locality("", "", "n").isUnknown()).isFalse();
    }
}
