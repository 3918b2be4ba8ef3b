package io.duramen.wal.tools;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Bytes as `4096`, `64K`, `64M` or `1G`.
final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,18})([KMG]?)", Pattern.CASE_INSENSITIVE);

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no size: write bytes, or a number with K, M or G");
        }
        int bits = switch (size.group(2)) {
            case "K", "k" -> 10;
            case "M", "m" -> 20;
            case "G", "g" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(size.group(1));
        if (number > Long.MAX_VALUE >> bits) {
            throw new TypeConversionException("'" + text + "' is too large");
        }
        return number << bits;
    }
}
