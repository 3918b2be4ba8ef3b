package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.harness.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Lines over two axes, as SVG that needs no font of its own and no script.
final class LineChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 360;
    private static final int LEFT = 80;
    private static final int RIGHT = 560;
    private static final int TOP = 40;
    private static final int BOTTOM = 310;
    private static final int LEGEND_STEP = 18;
    private static final int MARKED_POINTS_MAX = 12;
    /// Told apart by those who see colours differently, too.
    private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7",
            "#e69f00", "#56b4e9", "#555555");
    /// For more lines than colours.
    private static final List<String> DASHES = List.of("none", "6 3", "2 3");

    private final String title;
    private final Axis x;
    private final Axis y;
    private final Map<String, List<Outcome.Point>> lines = new LinkedHashMap<>();
    private final StringBuilder svg = new StringBuilder();

    LineChart(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    /// Adds a line through points in the order of their x; one without points is left out.
    void add(String name, List<Outcome.Point> points) {
        if (!points.isEmpty()) {
            lines.put(name, List.copyOf(points));
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    String svg() {
        Axis.Range across = range(x, Outcome.Point::x);
        Axis.Range up = range(y, Outcome.Point::y);
        put("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">", WIDTH, HEIGHT);
        put("<title>%s</title>", escaped(title));
        put("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        put("<text x=\"%d\" y=\"22\" font-size=\"14\" font-weight=\"bold\">%s</text>", LEFT,
                escaped(title));
        grid(across, up);
        int index = 0;
        for (Map.Entry<String, List<Outcome.Point>> line : lines.entrySet()) {
            line(index++, line.getKey(), line.getValue(), across, up);
        }
        put("</svg>");
        return svg.toString();
    }

    private Axis.Range range(Axis axis, ToDoubleFunction<Outcome.Point> value) {
        double min = Double.MAX_VALUE;
        double max = -Double.MAX_VALUE;
        for (List<Outcome.Point> points : lines.values()) {
            for (Outcome.Point point : points) {
                min = Math.min(min, value.applyAsDouble(point));
                max = Math.max(max, value.applyAsDouble(point));
            }
        }
        return axis.over(min, max);
    }

    private static double across(Axis.Range range, double value) {
        return LEFT + range.at(value) * (RIGHT - LEFT);
    }

    private static double up(Axis.Range range, double value) {
        return BOTTOM - range.at(value) * (BOTTOM - TOP);
    }

    private void grid(Axis.Range across, Axis.Range up) {
        for (double tick : across.ticks()) {
            double at = across(across, tick);
            put("<path d=\"M%.1f %dV%d\" stroke=\"#ddd\"/>", at, TOP, BOTTOM);
            put("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", at, BOTTOM + 16,
                    escaped(x.show().apply(tick)));
        }
        for (double tick : up.ticks()) {
            double at = up(up, tick);
            put("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, at, RIGHT);
            put("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, at + 4,
                    escaped(y.show().apply(tick)));
        }
        put("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", (LEFT + RIGHT) / 2,
                BOTTOM + 36, escaped(x.label()));
    }

    private void line(int index, String name, List<Outcome.Point> points, Axis.Range across,
            Axis.Range up) {
        String colour = COLOURS.get(index % COLOURS.size());
        String dash = DASHES.get(index / COLOURS.size() % DASHES.size());
        String path = points.stream().map(point -> String.format(Locale.ROOT, "%.1f,%.1f",
                across(across, point.x()), up(up, point.y()))).collect(Collectors.joining(" "));
        put("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\""
                + " stroke-dasharray=\"%s\"/>", path, colour, dash);
        if (points.size() <= MARKED_POINTS_MAX) {
            for (Outcome.Point point : points) {
                put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
                        across(across, point.x()), up(up, point.y()), colour);
            }
        }
        int at = TOP + 6 + index * LEGEND_STEP;
        put("<path d=\"M%d %dh22\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>",
                RIGHT + 14, at, colour, dash);
        put("<text x=\"%d\" y=\"%d\">%s</text>", RIGHT + 42, at + 4, escaped(name));
    }

    private void put(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"",
                "&quot;");
    }
}
