package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
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
            shots.add(new Shot("service-" + scheme, tab(scheme, 1290).open(clusters.uri(ORDERS))));
        }
        clusters.awaitServing("local");
        clusters.killHome();
        for (Shot shot : shots) {
            shot.tab().awaitText("why it is away", Tab.PATIENCE, text -> text.contains("0 of 3 healthy"));
        }
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
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(shot.tab().screenshot()));
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        int corner = image.getRGB(WIDTH - 1, image.getHeight() - 1) & 0xff;
        assertThat(corner < 128)
                .as("%s is dark", shot.name())
                .isEqualTo(shot.name().endsWith("dark"));
        assertThat(Arrays.stream(image.getRGB(0, 0, WIDTH, image.getHeight(), null, 0, WIDTH))
                        .distinct()
                        .count())
                .as("colours of %s", shot.name())
                .isGreaterThan(100);
        byte[] png = small(image);
        assertThat(png.length).as("octets of %s", shot.name()).isLessThan(MOST_BYTES);
        Path folder =
                Boolean.getBoolean("browser.images") ? Path.of("..", "docs", "images") : Path.of("target", "images");
        Files.write(Files.createDirectories(folder).resolve(shot.name() + ".png"), png);
    }

    /** The browser is in a hurry; this is not. */
    private static byte[] small(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam pressed = writer.getDefaultWriteParam();
        pressed.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        pressed.setCompressionQuality(0);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(png)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), pressed);
        } finally {
            writer.dispose();
        }
        return png.toByteArray();
    }
}
