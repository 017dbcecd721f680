using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;

namespace Strata.Runner.Execution.Landing;

/// <summary>
/// Landed files for statements that read them anew each time, as those of microbatch models do: by the reader and the expressions that tables
/// have, so that both see the same rows. Nothing is set aside; parquet is read by the engine itself, of which files that it cannot read are left out where others set them aside.
/// </summary>
internal sealed class InPlaceFiles(RunContext context)
{
    /// <summary>
    /// For who judges rows and takes none in: those that models set aside are nobody's to judge, one of them would keep all that is good
    /// from being taken in.
    /// </summary>
    public static BadContent OnlyGoodIfSetAside(FilesConfig config) =>
        config.OnError == OnRowError.Fail ? BadContent.IsErrorInAllColumns : BadContent.IsPassed;

    /// <summary>What a query finds instead of the sources that it reads.</summary>
    /// <param name="lease">Reads the files until it is given back.</param>
    public Task<FileBatch> OfferAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CompiledSql sql,
        BadContent bad,
        CancellationToken cancellationToken
    ) => OfferAsync(lease, on, sql.Reads.Select(reference => reference.NodeId), _ => bad, cancellationToken);

    /// <param name="nodes">Of which those count that are landed here.</param>
    public async Task<FileBatch> OfferAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        IEnumerable<string> nodes,
        Func<FilesConfig, BadContent> bad,
        CancellationToken cancellationToken
    )
    {
        var queries = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var id in nodes.Distinct())
        {
            if (
                context.Manifest.Find<SourceNode>(id) is { Files: { } config } source
                && source.Connection == on.Name
            )
                queries[id] = await OfferAsync(
                    lease,
                    on,
                    source,
                    context.States.Landed[id].Files,
                    bad(config),
                    cancellationToken
                );
        }
        return new FileBatch(0, queries.ToImmutable());
    }

    /// <returns>The query over some files of a source.</returns>
    public async Task<string> OfferAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        SourceNode source,
        ImmutableArray<LandedFile> files,
        BadContent bad,
        CancellationToken cancellationToken
    )
    {
        var config = source.Files ?? throw new InvalidOperationException("a source without files");
        var landing = context.States.Landed[source.UniqueId];
        // one without anything in it has no rows, nor a header
        var filled = files.RemoveAll(file => file.Size == 0);
        if (config.Format == FileFormat.Parquet || filled.IsEmpty)
            return FilesQuery.Create(
                landing with
                {
                    Files =
                        config.Format != FileFormat.Parquet ? filled
                        : bad.PassesUnreadable(config)
                            ? await ReadableAsync(lease, on, files, cancellationToken)
                        : files,
                },
                config,
                on.Dialect,
                context.Manifest.ProjectFolder,
                context.Plan.StartedAt,
                0,
                onlyGoodRows: bad == BadContent.IsPassed
            );
        ImmutableArray<string> partitions = config.HivePartitions
            ? FilePartitions.NamesOf(landing.Files)
            : [];
        var declared = FileHeader.DeclaredOf(config, landing);
        ImmutableArray<string> fields =
            config.Format != FileFormat.Csv ? []
            : !config.Columns.IsEmpty || !config.Csv.Header ? declared
            :
            [
                .. (await CsvHeader.UnionAsync(config, filled, cancellationToken)).Except(
                    partitions,
                    StringComparer.OrdinalIgnoreCase
                ),
            ];
        var shape = new LandedShape(declared, fields, partitions);
        var streamed =
            lease.Session.StreamedRows
            ?? throw new InvalidOperationException(
                $"the adapter of connection '{on.Name}' says that it reads files, and its sessions have no streamed rows"
            );
        var table = streamed.Offer(shape.Columns, new InPlaceRows(config, shape, filled, bad).Open);
        lease.Own(table);
        var rows = new LandedRows(table.Expression, [.. fields, .. partitions], partitions);
        var marks = SourceMarks.Select(
            on.Dialect,
            LandedColumn.File,
            LandedColumn.Row,
            context.Plan.StartedAt,
            0
        );
        return new LandedQuery(config, on.Dialect, rows).InPlace(marks, bad);
    }

    /// <summary>The files of which the engine can read the footer; all, unless it stumbles over one of them.</summary>
    private static async Task<ImmutableArray<LandedFile>> ReadableAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ImmutableArray<LandedFile> files,
        CancellationToken cancellationToken
    )
    {
        if (files.IsEmpty || await CanReadAsync(files))
            return files;
        var readable = ImmutableArray.CreateBuilder<LandedFile>();
        foreach (var file in files)
        {
            if (await CanReadAsync([file]))
                readable.Add(file);
        }
        return readable.ToImmutable();

        async Task<bool> CanReadAsync(ImmutableArray<LandedFile> some)
        {
            var paths = some.Select(file => on.Dialect.QuoteString(PathPattern.Of(file.FullPath)));
            try
            {
                await lease.Session.DescribeQueryAsync(
                    $"select * from read_parquet([{string.Join(", ", paths)}], union_by_name = true)",
                    cancellationToken
                );
                return true;
            }
            catch (EngineException e)
                when (e.Error is { IsTransient: false, Kind: not EngineErrorKind.Connection })
            {
                return false;
            }
        }
    }
}
