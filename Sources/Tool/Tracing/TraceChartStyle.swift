// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// The colours of a chart: its own when it is opened as a file, the book's when
/// it is part of a page there, light or dark either way.
enum TraceChartStyle {
  static let css = """
    .trace-chart {
      \(light)
      max-width: 58rem; margin: 0 auto; display: block;
      background: var(--color-background-primary, var(--chart-page));
      font-family: var(--font-stack, sans-serif);
    }
    .drawing svg.trace-chart { max-width: 58rem; }
    @media (prefers-color-scheme: dark) {
      .trace-chart { \(dark) }
      body[data-theme="light"] .trace-chart { \(light) }
    }
    body[data-theme="dark"] .trace-chart { \(dark) }
    \(shapes)
    """

  private static let light = """
    --chart-page: #fff; --chart-text: #1c1e21; --chart-grid: #dcdee2; \
    --chart-line: #6b6f76; --chart-running: #1f5fbf; --chart-ready: #bcd4f5; \
    --chart-wake: #a14b00;
    """

  private static let dark = """
    --chart-page: #131416; --chart-text: #e4e6ea; --chart-grid: #34373c; \
    --chart-line: #a0a3a8; --chart-running: #7fb2ff; --chart-ready: #2b466e; \
    --chart-wake: #ffad5c;
    """

  /// Each colour twice: for programs that know no variables.
  private static let shapes = """
    .trace-chart text { fill: #1c1e21; fill: var(--chart-text);
      font-size: 14px; }
    .trace-chart .strong { font-weight: 600; }
    .trace-chart .small { font-size: 12.5px; }
    .trace-chart .end { text-anchor: end; }
    .trace-chart .middle { text-anchor: middle; }
    .trace-chart .grid { fill: none; stroke: #dcdee2;
      stroke: var(--chart-grid); }
    .trace-chart .axis { fill: none; stroke: #6b6f76;
      stroke: var(--chart-line); }
    .trace-chart .running { fill: #1f5fbf; fill: var(--chart-running); }
    .trace-chart .partly { shape-rendering: crispEdges; }
    .trace-chart .ready { fill: #bcd4f5; fill: var(--chart-ready); }
    .trace-chart .blocked { fill: #6b6f76; fill: var(--chart-line); }
    .trace-chart .stripe { stroke: #6b6f76; stroke: var(--chart-line);
      stroke-width: 1.5; opacity: 0.6; }
    .trace-chart .wake { fill: #a14b00; fill: var(--chart-wake); }
    .trace-chart .interrupt { fill: none; stroke: #6b6f76;
      stroke: var(--chart-line); }
    """
}
