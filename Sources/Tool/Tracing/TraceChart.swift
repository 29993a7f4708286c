// SPDX-License-Identifier: BSD-3-Clause

import Runner

/// A trace as a drawing: a row for each thread, time from left to right. All
/// schedulers have the same scale, so that they can be compared.
struct TraceChart {
  private static let (width, left, right) = (900, 196, 876)
  private static let legendHeight = 34
  /// Below a section: its axis and some room.
  private static let (axisHeight, gap) = (24, 22)

  private let trace: Trace
  private let title: String
  private let scale: TimeScale

  /// - Parameters:
  ///   - trace: What to draw.
  ///   - title: The image.
  init(_ trace: Trace, title: String) {
    self.trace = trace
    self.title = title
    scale = TimeScale(
      trace.clock,
      longest: trace.sections.map(\.span.length).max() ?? 0,
      left: Double(Self.left), width: Double(Self.right - Self.left))
  }

  /// The whole file. The same trace gives the same bytes.
  func svg() -> String {
    var shapes = [hatching] + legend
    var y = Self.legendHeight
    for section in trace.sections { shapes += draw(section, at: &y) }
    return SVG.file(
      width: Self.width, height: y, className: "trace-chart",
      title: "Which thread of \(title) ran when", description: description,
      style: TraceChartStyle.css, shapes: shapes)
  }

  private func draw(_ section: TraceSection, at y: inout Int) -> [String] {
    let heading = [
      SVG.text(section.title, x: TraceRow.nameX, y: y + 18, "strong"),
      SVG.text("priority", x: TraceRow.priorityX, y: y + 38, "small end"),
      SVG.text("thread", x: TraceRow.nameX, y: y + 38, "small"),
      SVG.text(summary(section), x: Self.right, y: y + 18, "small end"),
    ]
    y += 44
    let top = y
    let rows = rows(section, at: &y)
    defer { y += Self.axisHeight + Self.gap }
    return heading + axis(section, from: top, to: y) + rows
  }

  private func summary(_ section: TraceSection) -> String {
    [
      trace.clock.text(section.span.length),
      TraceTable.count(section.switches, "switch", "switches"),
      TraceTable.count(section.preemptions, "preemption", "preemptions"),
    ].joined(separator: ", ")
  }

  private func rows(_ section: TraceSection, at y: inout Int) -> [String] {
    var shapes: [String] = []
    func add(_ draw: (TraceRow) -> [String]) {
      shapes += draw(
        TraceRow(
          scale: scale, start: section.span.start, y: y, hatching: hatchingName)
      )
      y += TraceRow.height
    }
    for thread in section.threads { add { $0.shapes(thread) } }
    for hart in section.harts {
      let number = section.harts.count > 1 ? " (hart \(hart.number))" : ""
      add { $0.idle(hart, name: "idle" + number) }
      guard !hart.interrupts.isEmpty else { continue }
      add { $0.interrupts(hart, name: "interrupts" + number) }
    }
    return shapes
  }

  /// Behind the rows; it ends where the section does.
  private func axis(
    _ section: TraceSection, from top: Int, to bottom: Int
  ) -> [String] {
    let end = scale.x(section.span.length)
    let base = (x: scale.left, y: Double(bottom) + 0.5)
    return scale.marks(upTo: section.span.length).flatMap { mark in
      [
        TraceShapes.line("grid", from: (mark.x, Double(top)), "V\(bottom)"),
        TraceShapes.line("axis", from: (mark.x, base.y), "v5"),
        SVG.text(
          mark.text, x: Int(mark.x.rounded()), y: bottom + 19, "small middle"),
      ]
    } + [
      TraceShapes.line("axis", from: base, "H\(TraceShapes.number(end))"),
      TraceShapes.line("axis", from: (end, Double(top)), "V\(bottom + 5)"),
    ]
  }
}

extension TraceChart {
  /// Stripes; the name is this drawing's own, so that a page may hold several.
  private var hatching: String {
    """
    <defs><pattern id="\(hatchingName)" width="5" height="5" \
    patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <path class="stripe" d="M0 0V5"/></pattern></defs>
    """
  }

  private var hatchingName: String {
    "idle-" + title.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  private var legend: [String] {
    [
      "<rect class=\"running\" x=\"\(Self.left)\" y=\"8\" width=\"22\" "
        + "height=\"16\"/>",
      "<rect class=\"ready\" x=\"300\" y=\"11\" width=\"22\" height=\"10\"/>",
      "<rect class=\"blocked\" x=\"450\" y=\"15.25\" width=\"22\" "
        + "height=\"1.5\"/>",
      "<path class=\"wake\" d=\"M562 18l-3 -5h6z\"/>",
      "<rect fill=\"url(#\(hatchingName))\" x=\"640\" y=\"11\" width=\"22\" "
        + "height=\"10\"/>",
      SVG.text(title, x: TraceRow.nameX, y: 21, "strong"),
      SVG.text("running", x: Self.left + 28, y: 20, "small"),
      SVG.text("could run", x: 328, y: 20, "small"),
      SVG.text("waits", x: 478, y: 20, "small"),
      SVG.text("is woken", x: 570, y: 20, "small"),
      SVG.text("the hart is idle", x: 668, y: 20, "small"),
    ]
  }

  /// For those who cannot see it.
  private var description: String {
    trace.sections.map { section in
      let threads = section.threads.map { thread in
        let count = TraceTable.count(thread.running.count, "time", "times")
        return "\(thread.name) ran \(count), "
          + trace.clock.text(thread.runTime) + " in all"
      }
      return section.title + ": " + summary(section) + ". "
        + threads.joined(separator: "; ") + "."
    }.joined(separator: " ")
  }
}
