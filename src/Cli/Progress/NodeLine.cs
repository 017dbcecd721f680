using Strata.Cli.Output;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>One finished node as one line; the columns of a run line up because the plan is known.</summary>
public sealed class NodeLine
{
    private const int WidestTitle = 44;
    private const string Gap = "  ";

    private readonly Palette _palette;
    private readonly bool _withGlyphs;
    private readonly int _titleWidth;
    private readonly int _actionWidth;

    public NodeLine(RunPlan plan, Palette palette, bool withGlyphs)
    {
        _palette = palette;
        _withGlyphs = withGlyphs;
        _titleWidth = Math.Min(
            WidestTitle,
            plan.Nodes.Select(node => DisplayWidth.Of(NodeWords.Title(node))).DefaultIfEmpty().Max()
        );
        _actionWidth = plan.Nodes.Select(node => NodeWords.Action(node).Length).DefaultIfEmpty().Max();
    }

    public string Format(NodeResult result)
    {
        var outcome = result.Outcome;
        var mark = _withGlyphs
            ? NodeWords.Glyph(outcome)
            : NodeWords.Outcome(outcome).PadRight(NodeWords.OutcomeWidth);
        var head =
            _palette.Paint(mark, NodeWords.ToneOf(outcome))
            + Gap
            + DisplayWidth.PadRight(NodeWords.Title(result.Node), _titleWidth);
        var facts = Facts(result);
        if (facts.Count == 0)
            return head.TrimEnd();
        var action = outcome is Outcome.Fresh ? "" : NodeWords.Action(result.Node);
        return $"{head}{Gap}{_palette.Paint(action.PadRight(_actionWidth), Tone.Quiet)}{Gap}{string.Join(Gap, facts)}";
    }

    private List<string> Facts(NodeResult result)
    {
        var facts = new List<string>();
        if (NodeWords.Reason(result) is { Length: > 0 } reason)
        {
            facts.Add(_palette.Paint(reason, Tone.Quiet));
            return facts;
        }
        if (result.Outcome is Outcome.Fresh && result.Tests.IsEmpty)
            return facts;
        Add(
            NodeWords.Batches(result),
            result.Batches.Any(batch => !batch.IsPublished) ? Tone.Bad : Tone.Plain
        );
        Add(NodeWords.Rows(result.Rows), Tone.Plain);
        Add(NodeWords.Changes(result.Rows), Tone.Good);
        if (result.Rows?.MergedAway is > 0 and var mergedAway)
            Add($"{Words.Number(mergedAway)} merged away", Tone.Plain);
        if (result.Rows?.LateDropped is > 0 and var lateDropped)
            Add($"{Words.Number(lateDropped)} late-dropped", Tone.Warning);
        if (result.Rows?.Quarantined is > 0 and var quarantined)
            Add($"{Words.Number(quarantined)} quarantined", Tone.Warning);
        Add(
            NodeWords.Tests(result.Tests),
            result.Outcome is Outcome.Failed or Outcome.PartialSuccess or Outcome.Warned
                ? NodeWords.ToneOf(result.Outcome)
                : Tone.Quiet
        );
        Add(
            NodeWords.UnitTests(result.UnitTests),
            result.Outcome is Outcome.Failed or Outcome.Warned ? NodeWords.ToneOf(result.Outcome) : Tone.Quiet
        );
        Add(Words.Duration(result.Duration), Tone.Quiet);
        return facts;

        void Add(string text, Tone tone)
        {
            if (text.Length > 0)
                facts.Add(_palette.Paint(text, tone));
        }
    }
}
