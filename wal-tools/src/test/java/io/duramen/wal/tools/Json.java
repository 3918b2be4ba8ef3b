package io.duramen.wal.tools;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;

/// JSON, read by a parser that is not ours and takes nothing else.
final class Json {
    private Json() {}

    static Config parse(String text) {
        return ConfigFactory.parseString(text,
                ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    }
}
