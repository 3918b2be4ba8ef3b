package io.duramen.wal.examples.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Invents the access log of a shop: half an hour, with a disturbance of two minutes and a few
/// lines that are no requests. The same number of lines gives the same text everywhere.
final class SampleAccessLog {
    /// Lines of the sample in the jar.
    static final int BUNDLED_LINES = 3000;

    private static final long SEED = 20260302;
    private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
    private static final int SECONDS = 30 * 60;
    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static final List<String> CLIENTS = List.of("192.0.2.", "198.51.100.", "203.0.113.",
            "2001:db8:17::");
    private static final List<String> PAGES = List.of("/", "/about", "/cart", "/search?q=oak+desk",
            "/search?q=lamp&page=2", "/products", "/products/%d", "/products/%d/reviews",
            "/static/app.4f9c1b.js", "/static/site.css", "/images/%d.webp", "/favicon.ico",
            "/api/v1/products/%d", "/api/v1/stock?ids=%d", "/health");
    private static final List<String> REFERRERS = List.of("-", "-", "https://shop.example/",
            "https://shop.example/products", "https://search.example/?q=desk");
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari/605.1.15",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) Mobile/15E148",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "curl/8.5.0", "okhttp/4.12.0", "kube-probe/1.31");
    private static final List<String> MALFORMED = List.of(
            "",
            "2026/03/02 10:07:12 [error] 31#31: upstream timed out (110: Connection timed out)",
            "192.0.2.9 - - [02/Mar/2026:10:11:40 +0000] \"GET /products HTTP/1.1\" 200",
            "192.0.2.44 - - [02/Mar/2026:10:13:",
            "198.51.100.3 - - [31/Feb/2026:10:14:02 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"-\"");

    private final Random random = new Random(SEED);

    private SampleAccessLog() {}

    /// Prints a log of so many lines: `java ... SampleAccessLog FILE LINES`.
    public static void main(String[] arguments) throws IOException {
        try (PrintStream out = new PrintStream(Path.of(arguments[0]).toFile(), "UTF-8")) {
            lines(Integer.parseInt(arguments[1])).forEach(line -> out.print(line + "\n"));
        }
    }

    static byte[] bundled() {
        StringBuilder text = new StringBuilder();
        lines(BUNDLED_LINES).forEach(line -> text.append(line).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// One after the other, not to be made parallel.
    static Stream<String> lines(int count) {
        SampleAccessLog log = new SampleAccessLog();
        return IntStream.range(0, count)
                .mapToObj(number -> log.line((int) ((long) number * SECONDS / count)));
    }

    private String line(int second) {
        if (random.nextInt(220) == 0) {
            return pick(MALFORMED);
        }
        String time = TIME.format(START.plusSeconds(second));
        String client = pick(CLIENTS) + (1 + random.nextInt(250));
        if (random.nextInt(150) == 0) { // someone speaks TLS to the port of plain HTTP
            return client + " - - [" + time + "] \"\\x16\\x03\\x01\\x02\\x00\" 400 157 \"-\" \"-\"";
        }
        String page = pick(PAGES).formatted(1 + random.nextInt(900));
        String method = page.equals("/cart") && random.nextBoolean() ? "POST" : "GET";
        int status = status(method, page, second / 60);
        String size = status == 304 ? "0" : Integer.toString(180 + random.nextInt(48_000));
        return client + " - " + (random.nextInt(12) == 0 ? "maria" : "-") + " [" + time + "] \""
                + method + " " + page + " HTTP/1.1\" " + status + " " + size + " \""
                + pick(REFERRERS) + "\" \"" + pick(AGENTS) + "\"";
    }

    private int status(String method, String page, int minute) {
        int chance = random.nextInt(100);
        if (minute >= 17 && minute < 19 && chance < 40) {
            return chance < 30 ? 503 : 500;
        }
        if (method.equals("POST")) {
            return 302;
        }
        if (page.startsWith("/static") || page.startsWith("/images")) {
            return chance < 25 ? 304 : 200;
        }
        return chance < 6 ? 404 : chance < 8 ? 301 : 200;
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
