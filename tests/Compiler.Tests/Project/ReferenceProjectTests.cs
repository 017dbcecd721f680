using Shouldly;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project;
using Strata.Testing;
using Xunit;

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
        foreach (var node in result.Manifest.Nodes.Values)
            System.Console.WriteLine($"{node.UniqueId}  <- {string.Join(", ", node.DependsOn)}");
        foreach (var node in result.Manifest.Nodes.Values.OfType<ModelNode>())
            System.Console.WriteLine(node.Full.Text);
    }

    private sealed class AnyTest : ITestCatalog
    {
        public IEnumerable<string> Names => [];

        public bool IsKnown(string name) => true;

        public IEnumerable<Diagnostic> ValidateArguments(TestNode test) => [];
    }
}
