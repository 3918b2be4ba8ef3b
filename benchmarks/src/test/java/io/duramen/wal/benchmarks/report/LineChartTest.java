package io.duramen.wal.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Quantity;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class LineChartTest {
    private static final Axis LINEAR = new Axis("x < y & \"z\"", false, Quantity::count);
    private static final Axis LOGARITHMIC = new Axis("times", true, Quantity::count);

    private static Document drawn(LineChart chart) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.svg())));
    }

    @Test
    void a_linear_axis_has_ticks_at_round_values() {
        assertThat(LINEAR.over(3, 47).ticks()).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0);
    }

    @Test
    void a_logarithmic_axis_has_a_tick_for_each_decade() {
        assertThat(LOGARITHMIC.over(3, 470).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
    }

    @Test
    void equal_ratios_take_equal_room_on_a_logarithmic_axis() {
        Axis.Range range = LOGARITHMIC.over(1, 100);
        assertThat(range.at(10)).isCloseTo(0.5, within(1e-9));
        assertThat(range.at(100)).isCloseTo(1, within(1e-9));
    }

    @Test
    void one_value_makes_an_axis_too() {
        assertThat(LINEAR.over(5, 5).at(5)).isBetween(0.0, 1.0);
        assertThat(LOGARITHMIC.over(10, 10).at(10)).isBetween(0.0, 1.0);
    }

    @Test
    void a_drawing_is_well_formed_and_has_a_line_for_each_name() throws Exception {
        LineChart chart = new LineChart("a < b", LINEAR, LOGARITHMIC);
        chart.add("first & best", List.of(new Outcome.Point(1, 10), new Outcome.Point(2, 1000)));
        chart.add("second", List.of(new Outcome.Point(1, 20)));
        Document svg = drawn(chart);
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(3);
        assertThat(svg.getDocumentElement().getTextContent()).contains("first & best", "a < b",
                "x < y & \"z\"");
    }

    @Test
    void higher_values_are_drawn_higher() throws Exception {
        LineChart chart = new LineChart("title", LINEAR, LOGARITHMIC);
        chart.add("line", List.of(new Outcome.Point(0, 10), new Outcome.Point(10, 1000)));
        assertThat(drawn(chart).getElementsByTagName("polyline").item(0).getAttributes()
                .getNamedItem("points").getNodeValue()).isEqualTo("80.0,310.0 560.0,40.0");
    }

    @Test
    void a_line_without_points_is_left_out() {
        LineChart chart = new LineChart("title", LINEAR, LOGARITHMIC);
        chart.add("nothing", List.of());
        assertThat(chart.isEmpty()).isTrue();
    }
}
