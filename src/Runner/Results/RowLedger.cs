using System.Collections.Immutable;
using System.Globalization;
using Strata.Runner.Materializations;

namespace Strata.Runner.Results;

/// <summary>
/// What was counted on a node's way from its query to its relation, each number by itself and none of them derived
/// from another, so that they can disagree. Null is what was not counted.
/// </summary>
public sealed record RowLedger
{
    public required RowRule Rule { get; init; }

    /// <summary>Rows that the query, the file or the other engine gave.</summary>
    public long? Given { get; init; }

    /// <summary>Rows in the stage when it is published.</summary>
    public required long Staged { get; init; }

    /// <summary>Rows that lost against another with the same key.</summary>
    public long? MergedAway { get; init; }

    public long? Quarantined { get; init; }

    /// <summary>Of a cdc model: the events that its staged rows were made of.</summary>
    public EventCounts? Events { get; init; }

    /// <summary>Rows of the relation when the publishing transaction began, and at its end.</summary>
    public long? Before { get; init; }

    public long? After { get; init; }

    /// <summary>As the engine reports them; where changed rows are written together with new ones, less those that were taken away for it.</summary>
    public long? Inserted { get; init; }

    public long? Updated { get; init; }

    public long? Deleted { get; init; }

    /// <summary>
    /// Rows of the relation that in the end have the key of a staged row. More than are staged, where the relation
    /// holds several rows of one key (a model whose key was another before).
    /// </summary>
    public long? Met { get; init; }

    /// <summary>Rows that were written down before the publish, to lead back behind it.</summary>
    public long? Kept { get; init; }

    /// <summary>How many of them an updated row has; one that came or went has one.</summary>
    public int KeptPerUpdate { get; init; } = 1;

    /// <summary>Rows that a merge was going to update, as it found them when it was staged.</summary>
    public long? Found { get; init; }

    /// <summary>
    /// Every staged row was written, as what was found before says, too: nobody need ask which ones are there already.
    /// </summary>
    public bool IsSettled => Kept is not null && Inserted + Updated == Staged;

    /// <summary>Rows of the relation in the end, seen or reckoned.</summary>
    private long? End => After ?? Reckoned;

    private long? Reckoned => Before + (Inserted ?? 0) - (Deleted ?? 0);

    /// <summary>What does not add up, a line each; empty when every row is accounted for.</summary>
    public ImmutableArray<string> Imbalances()
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var staged = Staged + (MergedAway ?? 0) + (Quarantined ?? 0);
        if (Given is { } given && given != staged)
            lines.Add(Line($"{given} in, but {Sum(Staged, "staged")} are {staged}"));
        if (Events is { } events)
            lines.AddRange(events.Imbalances(Staged));
        if (Before is not null && After is { } after && Inserted is not null && Reckoned != after)
            lines.Add(
                Line(
                    $"{Before} before + {Inserted} inserted - {Deleted ?? 0} deleted are {Reckoned}, but {after} are there"
                )
            );
        if (
            Kept is { } kept
            && Inserted + Deleted + KeptPerUpdate * Updated is { } changed
            && kept != changed
        )
            lines.Add(
                Line(
                    $"{kept} kept to lead back, but {Inserted} inserted + {Deleted} deleted + {KeptPerUpdate} x {Updated} updated are {changed}"
                )
            );
        lines.AddRange(
            Rule switch
            {
                RowRule.Replace => Replaced(),
                RowRule.Insert => AllInserted(),
                RowRule.Merge => Merged(),
                _ => [],
            }
        );
        return lines.ToImmutable();
    }

    /// <param name="known">Rows of the relation as the last run left them, for want of a count.</param>
    public RowCounts ToCounts(long? known)
    {
        var rows = new RowCounts
        {
            In = Given ?? Staged + (MergedAway ?? 0) + (Quarantined ?? 0),
            Out = Rule == RowRule.Replace ? After ?? Staged : End ?? known + (Inserted ?? 0) - (Deleted ?? 0),
            Inserted = Inserted,
            Updated = Updated,
            Unchanged = (Met ?? Staged) - Inserted - Updated,
            Deleted = Deleted,
            MergedAway = MergedAway,
            Quarantined = Quarantined,
        };
        // a table that was built anew had no rows to be deleted from
        return Events?.Fill(rows, Rule == RowRule.Merge ? Deleted : null) ?? rows;
    }

    private IEnumerable<string> Replaced()
    {
        if (End is { } end && end != Staged)
            yield return After is not null
                ? Line($"{Staged} staged, but {end} are there")
                : Line(
                    $"{Before} before + {Inserted} inserted - {Deleted} deleted are {end}, but {Staged} are staged"
                );
        if (Inserted + Updated > Staged)
            yield return Line($"{Inserted} inserted + {Updated} updated, but only {Staged} staged");
    }

    private IEnumerable<string> AllInserted()
    {
        if (Inserted is { } inserted && inserted != Staged)
            yield return Line($"{Staged} staged, but {inserted} inserted");
    }

    private IEnumerable<string> Merged()
    {
        if (Inserted > Staged)
            yield return Line($"{Inserted} inserted, but only {Staged} staged");
        if (Found is { } found && Updated is { } updated && updated != found)
            yield return Line($"{found} were found to change, but {updated} of them are there");
        if (Met is not { } met)
            yield break;
        if (met < Staged)
            yield return Line($"{Staged} staged, but only {met} with their keys are there");
        if (Inserted + Updated > met)
            yield return Line(
                $"{Inserted} inserted + {Updated} updated, but only {met} with their keys are there"
            );
    }

    private string Sum(long first, string word) =>
        string.Join(
            " + ",
            new (long? Count, string Word)[]
            {
                (first, word),
                (MergedAway, "merged away"),
                (Quarantined, "quarantined"),
            }
                .Where(part => part.Count is not null)
                .Select(part => Line($"{part.Count} {part.Word}"))
        );

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
