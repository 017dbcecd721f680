using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>Makes a node of every entry of a <c>tests:</c> list.</summary>
internal sealed class GenericTestBuilder(BuildContext context)
{
    public IReadOnlyList<TestNode> Build(TestedRelation relation)
    {
        var nodes = new List<TestNode>();
        var inherited = context
            .Project.File.Tests.Resolve(context.Project.Name, relation.Folders.AsSpan())
            .Over(InheritedFrom(relation.Node));
        var entries = relation
            .Tests.Select(test => (Column: (ColumnDeclaration?)null, Test: test))
            .Concat(
                relation.Columns.SelectMany(column =>
                    column.Tests.Select(test => (Column: (ColumnDeclaration?)column, Test: test))
                )
            );
        foreach (var (column, test) in entries)
        {
            if (Build(relation, column, test, inherited) is { } node)
                nodes.Add(node);
        }
        foreach (var (column, test) in new ConstraintTests(relation, context.Diagnostics).All())
        {
            var node = BuildConstraint(relation, column, test);
            // a constraint that is written as a test, too, is one check
            var same = nodes.FindIndex(other => other.Fingerprint == node.Fingerprint);
            if (same < 0)
                nodes.Add(node);
            else
                nodes[same] = nodes[same] with { IsConstraint = true };
        }
        return nodes;
    }

    private TestNode? Build(
        TestedRelation relation,
        ColumnDeclaration? column,
        TestDeclaration test,
        ConfigSet inherited
    )
    {
        var subject = relation.Node;
        var isOwn = context.Project.GenericTests.Contains(test.TestName.Text);
        if (!isOwn && !context.Tests.IsKnown(test.TestName.Text))
        {
            context.Diagnostics.Add(
                ReferenceDiagnostics.UnknownTest(
                    test.TestName.Span,
                    test.TestName.Text,
                    context.Tests.Names.Concat(context.Project.GenericTests)
                )
            );
            return null;
        }
        var config = test.Config.Over(inherited);
        var settings = TestSettings.Block.Convert(config, context.Diagnostics);
        if (!settings.Config.Enabled)
            return null;

        var node = MakeNode(relation, column, test, config, settings);
        TestSettingChecks.Check(node, config, test.Config, isOwn, context.Diagnostics);
        // a model whose file is in error has no configuration yet that could be in the way
        var isSettled =
            subject is not ModelNode model
            || model.Source.Path == node.Declaration.File.Path
            || !context.Diagnostics.HasErrorIn(model.Source);
        if (settings.Config.Severity == TestSeverity.Quarantine && isSettled)
            context.Diagnostics.AddRange(QuarantineRules.Check(subject, node, isOwn));
        if (isOwn)
            node = new ProjectTestQuery(context).AddTo(node, subject, test);
        else
            context.Diagnostics.AddRange(context.Tests.ValidateArguments(node));
        return node;
    }

    /// <summary>What is said of tests in general, in folders, neither weakens a constraint nor turns it off.</summary>
    private TestNode BuildConstraint(TestedRelation relation, ColumnDeclaration? column, TestDeclaration test)
    {
        var config = InheritedFrom(relation.Node);
        var settings = TestSettings.Block.Convert(config, context.Diagnostics);
        var node = MakeNode(relation, column, test, config, settings) with { IsConstraint = true };
        context.Diagnostics.AddRange(context.Tests.ValidateArguments(node));
        return node;
    }

    private static ConfigSet InheritedFrom(RelationNode subject) =>
        subject is ModelNode { Config.StoreFailures: true } ? StoreFailures : ConfigSet.Empty;

    private static readonly ImmutableSortedDictionary<string, TestArgument> s_noArguments =
        ImmutableSortedDictionary.Create<string, TestArgument>(StringComparer.Ordinal);

    private static readonly ConfigSet StoreFailures = new([
        new YamlMapping.Entry(YamlScalar.Plain("store_failures", default), YamlNode.FromValue(true, default)),
    ]);

    private TestNode MakeNode(
        TestedRelation relation,
        ColumnDeclaration? column,
        TestDeclaration test,
        ConfigSet config,
        TestSettings settings
    )
    {
        var (subject, arguments) = (relation.Node, ReadArguments(test));
        var columnName = column?.Name?.Text;
        var named = arguments
            .Where(a => !context.Tests.IsTuning(test.TestName.Text, a.Key))
            .Select(a => KeyValuePair.Create(a.Key, (object?)WrittenText(test, a.Key, a.Value)));
        if (columnName is not null)
            named = named.Append(new("column_name", columnName));
        var source = subject as SourceNode;
        var about = source is null ? subject.Name : $"{source.SourceName}_{source.Name}";
        var name = test.CustomName ?? TestNames.Make(test.TestName.Text, about, source is not null, named);
        var parents = arguments.Values.Select(argument => argument.NodeId).OfType<string>();
        var node = new TestNode
        {
            UniqueId = "",
            Name = name,
            Fqn = [context.Project.Name, .. relation.Folders, name],
            Path = relation.File.Path,
            Description = test.Description,
            Tags = [.. settings.Tags.Concat(column?.Tags ?? []).Distinct().Order(StringComparer.Ordinal)],
            Meta = settings.Meta,
            ConfigValues = config.ToValues(),
            DependsOn = [.. parents.Append(subject.UniqueId).Distinct().Order(StringComparer.Ordinal)],
            Declaration = test.Span,
            Connection = subject.Connection,
            Engine = subject.Engine,
            TestName = test.TestName.Text,
            AttachedNode = subject.UniqueId,
            Column = columnName,
            ReadsInPlace = context.Tests.ReadsInPlace(test.TestName.Text),
            Arguments = arguments,
            Config = settings.Config,
            Fingerprint = "",
        };
        // what a variable holds makes no other test of it
        var identity = Identity(
            node,
            name => !context.Tests.IsTuning(test.TestName.Text, name),
            (name, argument) => WrittenText(test, name, argument)
        );
        var definition = arguments.IsEmpty ? identity : Definition(node);
        return node with
        {
            UniqueId = $"test.{context.Project.Name}.{name}.{TestNames.Hash(identity)}",
            Fingerprint = FingerprintOn(node.Connection),
            RuleFingerprint =
                node.Config.Severity == TestSeverity.Quarantine ? FingerprintOn("") : node.RuleFingerprint,
        };

        string FingerprintOn(string connection)
        {
            var fingerprint = FingerprintOf(node, definition, connection, null);
            return context.Tests.ReadsDeclaredColumns(test.TestName.Text)
                ? WithColumns(fingerprint, subject.Columns)
                : fingerprint;
        }
    }

    private static string WithColumns(string definition, ImmutableArray<ColumnInfo> columns)
    {
        using var fingerprint = new Fingerprint();
        return fingerprint
            .Add("definition", definition)
            .Add("columns", columns.Select(column => $"{column.Name} {column.DataType}"))
            .Compute();
    }

    /// <summary>The hash of a test's definition, with its query if the project wrote it.</summary>
    public static string FingerprintOf(TestNode node, CompiledSql? query) =>
        FingerprintOf(node, Definition(node), node.Connection, query);

    private static string FingerprintOf(
        TestNode node,
        string definition,
        string connection,
        CompiledSql? query
    )
    {
        using var fingerprint = new Fingerprint();
        return fingerprint
            .Add("identity", definition)
            .Add("connection", connection)
            .Add("severity", node.Config.Severity.ToString())
            .Add("conditions", [node.Config.WarnIf, node.Config.ErrorIf, node.Config.FailCalc])
            .Add("where", node.Config.Where)
            .Add("limit", YamlScalar.Print(node.Config.Limit))
            .Add("mostly", YamlScalar.Print(node.Config.Mostly))
            .Add("query", query)
            .Compute();
    }

    private static string Definition(TestNode node) =>
        Identity(node, _ => true, (_, argument) => argument.Value);

    private static string Identity(
        TestNode node,
        Func<string, bool> counts,
        Func<string, TestArgument, object?> valueOf
    )
    {
        var arguments = node
            .Arguments.Where(a => counts(a.Key))
            .Select(a => $"{a.Key}={a.Value.NodeId ?? ValueText.Of(valueOf(a.Key, a.Value))}");
        return string.Join(
            '\n',
            [node.TestName ?? "", node.AttachedNode ?? "", node.Column ?? "", .. arguments]
        );
    }

    /// <summary>
    /// Sees to it that no two tests have the same id: those that differ in nothing but their configuration get ids of
    /// their own, those that do not differ are reported.
    /// </summary>
    public IEnumerable<TestNode> Register(IEnumerable<TestNode> nodes)
    {
        var byId = new Dictionary<string, TestNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (byId.TryAdd(node.UniqueId, node))
                continue;
            var first = byId[node.UniqueId];
            var other = node with
            {
                UniqueId = $"{node.UniqueId[..node.UniqueId.LastIndexOf('.')]}.{node.Fingerprint[..10]}",
            };
            if (first.Fingerprint == node.Fingerprint || !byId.TryAdd(other.UniqueId, other))
                context.Diagnostics.Add(
                    ReferenceDiagnostics.SameTest(first.Declaration, node.Declaration, node.Name)
                );
        }
        return byId.Values;
    }

    private ImmutableSortedDictionary<string, TestArgument> ReadArguments(TestDeclaration test)
    {
        if (test.Arguments.Length == 0)
            return s_noArguments;
        var arguments = s_noArguments.ToBuilder();
        foreach (var (key, value) in test.Arguments)
            arguments[key.Text] = ReadArgument(value) with { NameSpan = key.Span };
        return arguments.ToImmutable();
    }

    private TestArgument ReadArgument(YamlNode value)
    {
        if (value is YamlScalar scalar && ReferenceText.Parse(scalar.Text) is { } reference)
        {
            var id = Resolve(reference, scalar.Span);
            return new TestArgument(reference.Arguments[^1], id, scalar.Span);
        }
        return new TestArgument(value.ToValue(), null, value.Span);
    }

    private string? Resolve((string Function, string[] Arguments) reference, SourceSpan span)
    {
        var arguments = reference.Arguments;
        var id =
            reference.Function == "source" && arguments.Length == 2
                ? context.Resolver.FindSource(arguments[0], arguments[1], span, span, context.Diagnostics.Add)
                : context.Resolver.FindRef(
                    arguments.Length == 2 ? arguments[0] : null,
                    arguments[^1],
                    span,
                    span,
                    context.Diagnostics.Add
                );
        if (id is not null && context.Disabled.TryGetValue(id, out var what))
            context.Diagnostics.Add(ReferenceDiagnostics.Disabled(span, what));
        return id;
    }

    // dbt builds names from what is written: ref_orders_, not orders; var_least_, not 10
    private static object? WrittenText(TestDeclaration test, string name, TestArgument argument) =>
        test.Written.LastOrDefault(entry => entry.Key.Text == name) is { Value: { } written }
            ? written.ToValue()
            : argument.Value;
}
