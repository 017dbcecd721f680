using System.Collections.Immutable;

namespace Strata.Compiler.Templating;

/// <summary>What a template's text tells without rendering it.</summary>
/// <param name="Calls">Every call of a name, in the order of the text; also mentions without arguments.</param>
/// <param name="Defined">Global names that it defines: functions, assignments, captures.</param>
/// <param name="Read">Global names that it mentions, whether or not it defines them too.</param>
public sealed record TemplateFacts(
    ImmutableArray<TemplateCall> Calls,
    ImmutableArray<string> Defined,
    ImmutableArray<string> Read
);
