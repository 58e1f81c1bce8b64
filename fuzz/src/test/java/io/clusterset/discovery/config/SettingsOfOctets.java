package io.clusterset.discovery.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Any octets as a properties file, without the file. */
public final class SettingsOfOctets {

    private SettingsOfOctets() {}

    /** As {@link Settings#withFile} reads them. */
    public static Settings read(byte[] octets, String origin) {
        try {
            return Settings.none().withText(SettingsFile.read(new ByteArrayInputStream(octets), origin), origin);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // nothing is read that could fail
        }
    }
}
