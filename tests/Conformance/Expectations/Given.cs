using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;

namespace Strata.Conformance.Expectations;

/// <summary>Builds what the compiler and the runner would hand to the planner.</summary>
public static class Given
{
    public const string Model = "model.shop.orders";

    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly SourceText File = new("models/orders.yml", "models:\n  - name: orders\n");

    public static TestNode Test(
        string name,
        string? column = null,
        TestConfig? config = null,
        params (string Name, object? Value)[] arguments
    ) =>
        new()
        {
            UniqueId = $"test.shop.{name}_{column}",
            Name = $"{name}_orders_{column}",
            Fqn = ["shop", name],
            Path = File.Path,
            Declaration = File.Span(10, 6),
            Connection = "main",
            Engine = EngineType.DuckDb,
            TestName = name,
            AttachedNode = Model,
            Column = column,
            Arguments = arguments.ToImmutableSortedDictionary(
                a => a.Name,
                a =>
                    a.Value is Ref other
                        ? new TestArgument(other.Name, other.Name, File.Span(0, 6))
                        : new TestArgument(a.Value, null, File.Span(0, 6))
            ),
            Config = config ?? new TestConfig(),
            Fingerprint = "",
        };

    /// <summary>A test whose query the project wrote; <c>{orders}</c> in it stands for a <c>ref</c>.</summary>
    public static TestNode QueryTest(string template, bool isGeneric = false, TestConfig? config = null)
    {
        var source = new SourceText("tests/own.sql", template);
        var compiled = template.Replace("{orders}", "\"public\".\"orders\"", StringComparison.Ordinal);
        var references = ImmutableArray.CreateBuilder<RelationReference>();
        var map = new SourceMap.Builder();
        int output = 0,
            at = 0;
        for (
            int next;
            (next = template.IndexOf("{orders}", at, StringComparison.Ordinal)) >= 0;
            at = next + 8
        )
        {
            map.Add(output, next - at, new SourceOrigin(source.Span(at, next - at)), true);
            output += next - at;
            references.Add(
                new RelationReference(
                    ReferenceKind.Ref,
                    Model,
                    new TextSpan(output, 17),
                    source.Span(next, 8)
                )
            );
            map.Add(output, 17, new SourceOrigin(source.Span(next, 8)), false);
            output += 17;
        }
        map.Add(output, template.Length - at, new SourceOrigin(source.Span(at, template.Length - at)), true);
        return Test("own", null, config) with
        {
            TestName = isGeneric ? "own" : null,
            AttachedNode = isGeneric ? Model : null,
            Query = new CompiledSql(compiled, map.Build(), references.ToImmutable()),
        };
    }

    public static CheckRelation Relation(string name, params (string Name, string Type)[] columns) =>
        new($"\"{name}\"", name, [.. columns.Select(c => new CheckColumn(c.Name, c.Type))]);

    public static CheckRequest Request(TestEngine engine, CheckRelation relation, params TestNode[] tests) =>
        new()
        {
            Tests = [.. tests],
            Resolve = id => id == Model ? relation : new CheckRelation($"\"{id}\"", id, null),
            Place = id => new PlacedRelation(
                id == Model ? relation : Relation(id, ("id", "integer")),
                engine.Dialect,
                id == Model ? relation.Name : id
            ),
            Dialect = engine.Dialect,
            FusedChecksAreCheaper = engine.FusedChecksAreCheaper,
            Now = Now,
        };

    /// <summary>An argument that is a <c>ref</c> to a table of that name.</summary>
    public sealed record Ref(string Name);
}
