using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project;

namespace Strata.Compiler.Tests.Project;

public sealed class ReferenceProjectTests
{
    [Fact]
    public void Compile_ReferenceProject_HasNoFindings()
    {
        var result = ProjectCompiler.Compile(
            new CompileRequest
            {
                ProjectFolder = Path.Combine(RepositoryRoot.Path, "project"),
                RunStartedAt = DateTimeOffset.UnixEpoch,
                Tests = new AnyTest(),
            }
        );

        string.Join('\n', result.Diagnostics.Select(DiagnosticRenderer.Render)).ShouldBe("");
        result.Manifest.ShouldNotBeNull();
    }

    private sealed class AnyTest : ITestCatalog
    {
        public IEnumerable<string> Names => [];

        public bool IsKnown(string name) => true;

        public bool IsTuning(string name, string argument) => false;

        public IEnumerable<Diagnostic> ValidateArguments(TestNode test) => [];
    }
}
