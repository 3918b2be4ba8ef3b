package io.duramen.wal.tools;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote down.
final class WalVersion implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties built = new Properties();
        try (InputStream file = WalVersion.class.getResourceAsStream("version.properties")) {
            built.load(file);
        }
        return new String[] {"wal " + built.getProperty("version")};
    }
}
