using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Compiler.Project;

/// <summary>
/// The expectations that are built in. What they mean is the business of the test engine, which is built on
/// the compiler and therefore known to it by this interface only.
/// </summary>
public interface ITestCatalog
{
    /// <summary>Every name and alias, for "did you mean".</summary>
    IEnumerable<string> Names { get; }

    bool IsKnown(string name);

    /// <summary>
    /// Whether an argument only says when the test fails, and not what it measures: a test that remembers earlier runs is
    /// the same test when it changes.
    /// </summary>
    bool IsTuning(string name, string argument);

    /// <summary>Whether the test reads relations of other connections where they lie, so that no rows are brought to its own.</summary>
    bool ReadsInPlace(string name) => false;

    /// <summary>Whether the test is about the columns that YAML declares, and so another one when these change.</summary>
    bool ReadsDeclaredColumns(string name) => false;

    /// <summary>Whether the test is about the time that has passed, so that one that was passed may fail though nothing has moved.</summary>
    bool ReadsClock(TestNode test) => false;

    /// <summary>What is wrong with the arguments of a test whose name is known.</summary>
    IEnumerable<Diagnostic> ValidateArguments(TestNode test);
}
