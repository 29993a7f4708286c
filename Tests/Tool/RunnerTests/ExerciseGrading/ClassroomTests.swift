// SPDX-License-Identifier: BSD-3-Clause

import Foundation
import Testing

@testable import ExerciseGrading
@testable import Runner

@Suite struct `The workflow for a class` {
  @Test func `has a step for each exercise, with its points`() throws {
    let clone = try MadeUpClone()
    let text = ClassroomFile(of: clone.exercises).text
    for exercise in clone.exercises {
      let step = """
                id: ex\(exercise.id.replacing(".", with: "_"))
                uses: classroom-resources/autograding-command-grader@v1
                with:
                  test-name: \(exercise.id) \(exercise.title)
                  command: make grade-\(exercise.id) STRICT=1
                  timeout: 10
                  max-score: \(exercise.points)
        """
      #expect(text.contains(step), "\(exercise.id)")
    }
    #expect(text.contains("runners: ex1_1,ex1_2,ex2_1\n"))
    #expect(
      text.contains("EX1_2_RESULTS: ${{ steps.ex1_2.outputs.result }}\n"))
    #expect(text.components(separatedBy: "max-score: ").count == 4)
  }
}
