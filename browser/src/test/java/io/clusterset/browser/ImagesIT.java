package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Takes the images of the docs, in the middle of a return: into {@code target/images}, and with {@code -Dbrowser.images=true} into
 * {@code docs/images}.
 */
class ImagesIT {

    private static final int MOST_BYTES = 150_000;
    private static final int WIDTH = 1280;

    private final Chromium chromium = Chromium.shared();
    private final TwoClusters clusters =
            new TwoClusters(Duration.ofSeconds(4)).calling(ORDERS, "billing.shop", "users.identity", "search.web");

    @AfterEach
    void close() {
        clusters.close();
    }

    private record Shot(String name, Tab tab) {}

    @Test
    void bothViewsInBothSchemes() throws IOException {
        List<Shot> shots = new ArrayList<>();
        for (String scheme : List.of("dark", "light")) {
            shots.add(new Shot("overview-" + scheme, tab(scheme, 620).open(clusters.uri())));
            shots.add(new Shot("service-" + scheme, tab(scheme, 1120).open(clusters.uri(ORDERS))));
        }
        clusters.awaitServing("local");
        clusters.killHome();
        clusters.awaitServing("clusterset");
        clusters.restoreHome();
        shots.get(1)
                .tab()
                .awaitText("a step of the return", Duration.ofSeconds(30), text -> text.contains("Step 25 %"));
        for (Shot shot : shots) {
            shot.tab()
                    .awaitText(shot.name(), Tab.PATIENCE, text -> text.contains("25 %") && text.contains("clusterset"));
            keep(shot);
        }
    }

    private Tab tab(String scheme, int height) {
        return chromium.tab().size(WIDTH, height).scheme(scheme);
    }

    private static void keep(Shot shot) throws IOException {
        byte[] png = shot.tab().screenshot();
        assertThat(png).as("octets of %s", shot.name()).hasSizeLessThan(MOST_BYTES);
        var image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        int corner = image.getRGB(WIDTH - 1, image.getHeight() - 1) & 0xff;
        assertThat(corner < 128)
                .as("%s is dark", shot.name())
                .isEqualTo(shot.name().endsWith("dark"));
        assertThat(IntStream.range(0, WIDTH)
                        .map(x -> image.getRGB(x, image.getHeight() / 2))
                        .distinct()
                        .count())
                .as("colours in the middle of %s", shot.name())
                .isGreaterThan(5);
        Path folder =
                Boolean.getBoolean("browser.images") ? Path.of("..", "docs", "images") : Path.of("target", "images");
        Files.write(Files.createDirectories(folder).resolve(shot.name() + ".png"), png);
    }
}
