package io.clusterset.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineBufferTest {

    private static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    @Test
    void linesAreThoseThatCameHoweverTheyAreCut() {
        LineBuffer buffer = new LineBuffer(100);
        List<String> lines = new ArrayList<>();
        for (String part : List.of("on", "e\ntw", "o\n\n\r\nthree", "\nfo")) {
            assertThat(buffer.split(octets(part), line -> lines.add(new String(line, US_ASCII))))
                    .isTrue();
        }
        assertThat(lines).containsExactly("one", "two", "three");
        assertThat(new String(buffer.taken(), US_ASCII)).isEqualTo("fo");
    }

    @Test
    void whatIsTooLongIsRefusedAndTheLongestIsNot() {
        LineBuffer buffer = new LineBuffer(5);
        assertThat(buffer.add(octets("abc"))).isTrue();
        assertThat(buffer.add(octets("def"))).isFalse();
        assertThat(buffer.add(octets("de"))).isTrue();
        assertThat(new String(buffer.taken(), US_ASCII)).isEqualTo("abcde");
    }

    @Test
    void theRoomOfALineIsUsedAgainAndThatOfAListIsLetGo() {
        LineBuffer buffer = new LineBuffer(10_000_000);
        buffer.add(ByteBuffer.allocate(30_000));
        buffer.taken();
        int ofALine = buffer.room();
        assertThat(ofALine).isBetween(30_000, 60_000);
        buffer.add(ByteBuffer.allocate(30_000));
        assertThat(buffer.room()).isEqualTo(ofALine);
        buffer.add(ByteBuffer.allocate(9_000_000));
        assertThat(buffer.taken()).hasSize(9_030_000);
        assertThat(buffer.room()).isZero();
    }
}
