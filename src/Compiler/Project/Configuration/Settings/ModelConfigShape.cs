using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>The keys of a model's configuration.</summary>
internal static class ModelConfigShape
{
    public static readonly ConfigBlock<ModelSettings> Block = new(
        new YamlObject<ModelSettings>(
            "the configuration of a model",
            "model_config",
            _ => new ModelSettings()
        )
            .Optional(
                "materialized",
                "How the model becomes a relation.",
                ConfigWords.Materialization,
                (s, v) => s with { Config = s.Config with { Materialized = v } }
            )
            .Optional(
                "incremental_strategy",
                "How a batch enters an incremental relation; merge with a unique_key, append without one.",
                ConfigWords.IncrementalStrategy,
                (s, v) => s with { Config = s.Config with { IncrementalStrategy = v } }
            )
            .Optional(
                "unique_key",
                "The columns that identify a row. Nulls are equal to each other.",
                ConfigWords.Names,
                (s, v) => s with { Config = s.Config with { UniqueKey = v } }
            )
            .Optional(
                "on_schema_change",
                "What an incremental model does when its query has other columns than its relation.",
                ConfigWords.OnSchemaChange,
                (s, v) => s with { Config = s.Config with { OnSchemaChange = v } }
            )
            .Optional(
                "merge_update_columns",
                "The only columns that a merge updates in rows that exist.",
                ConfigWords.Names,
                (s, v) => s with { Config = s.Config with { MergeUpdateColumns = v } }
            )
            .Optional(
                "merge_exclude_columns",
                "Columns that a merge leaves as they are in rows that exist.",
                ConfigWords.Names,
                (s, v) => s with { Config = s.Config with { MergeExcludeColumns = v } }
            )
            .Optional(
                "incremental_predicates",
                "Conditions that limit which rows of the relation a batch is matched against.",
                YamlCollections.Texts,
                (s, v) => s with { Config = s.Config with { IncrementalPredicates = v } }
            )
            .Alias("predicates")
            .Optional(
                "partition_by",
                "Columns or expressions whose values name a partition, for insert_overwrite.",
                ConfigWords.Names,
                (s, v) => s with { Config = s.Config with { PartitionBy = v } }
            )
            .Optional(
                "sequence_by",
                "The column whose greatest value wins among rows of a batch with the same key. In a cdc model, the column or columns that order the events of a key.",
                ConfigWords.Names,
                (s, v) =>
                    s with
                    {
                        Config = s.Config with
                        {
                            SequenceBy = v.FirstOrDefault(),
                            Cdc = s.Config.Cdc with { SequenceBy = v },
                        },
                    }
            )
            .Optional(
                "event_time",
                "The column with the time of the event that a row records. Microbatch models read and write by it.",
                YamlScalars.Column,
                (s, v) => s with { Config = s.Config with { EventTime = v } }
            )
            .Optional(
                "batch_size",
                "The period that one batch of a microbatch model covers, in UTC.",
                ConfigWords.BatchSize,
                (s, v) => s with { Config = s.Config with { BatchSize = v } }
            )
            .Optional(
                "begin",
                "The first date or instant that a microbatch model covers.",
                YamlScalars.Instant,
                (s, v) => s with { Config = s.Config with { Begin = v } }
            )
            .Optional(
                "lookback",
                "How many batches before the current one are built again, for rows that come late.",
                YamlScalars.Count,
                (s, v) => s with { Config = s.Config with { Lookback = v } }
            )
            .Optional(
                "concurrent_batches",
                "Whether batches are built concurrently; by default they are, unless the model reads itself.",
                YamlScalars.Boolean,
                (s, v) => s with { Config = s.Config with { ConcurrentBatches = v } }
            )
            .Optional(
                "publish",
                "What one publishing transaction covers: the model, or all models of the layer in a run.",
                ConfigWords.Publish,
                (s, v) => s with { Config = s.Config with { Publish = v } }
            )
            .Optional(
                "full_refresh",
                "Overrides --full-refresh: true always rebuilds, false never does.",
                YamlScalars.Boolean,
                (s, v) => s with { Config = s.Config with { FullRefresh = v } }
            )
            .Optional(
                "rebuild_every",
                "When the model is rebuilt even though nothing that it reads has changed: in every run, or in the first run of each hour, day or month (UTC); change: never.",
                ConfigWords.RebuildPeriod,
                (s, v) => s with { Config = s.Config with { RebuildEvery = v } }
            )
            .Optional(
                "enabled",
                "Whether the model is part of the project.",
                YamlScalars.Boolean,
                (s, v) => s with { Config = s.Config with { Enabled = v } }
            )
            .Optional(
                "store_failures",
                "Whether failing rows of the model's tests are kept in a table.",
                YamlScalars.Boolean,
                (s, v) => s with { Config = s.Config with { StoreFailures = v } }
            )
            .Optional(
                "group",
                "The group that owns the model.",
                YamlScalars.Text,
                (s, v) => s with { Config = s.Config with { Group = v } }
            )
            .Optional(
                "contract",
                "Whether the relation must have exactly the declared columns, each of its declared type.",
                ContractDeclaration.Shape,
                (s, v) => s with { Config = s.Config with { ContractEnforced = v.Enforced } }
            )
            .Optional(
                "pre_hook",
                "SQL that runs on the model's connection before its own.",
                YamlCollections.ListOf(HookType.Instance, allowSingle: true),
                (s, v) => s with { PreHooks = v }
            )
            .Alias("pre-hook")
            .Optional(
                "post_hook",
                "SQL that runs on the model's connection after its own.",
                YamlCollections.ListOf(HookType.Instance, allowSingle: true),
                (s, v) => s with { PostHooks = v }
            )
            .Alias("post-hook")
            .Optional(
                "alias",
                "The relation's name, if not the model's.",
                YamlScalars.Text,
                (s, v) => s with { Alias = v }
            )
            .Optional(
                "schema",
                "The relation's schema, if not the layer's.",
                YamlScalars.Text,
                (s, v) => s with { Schema = v }
            )
            .Optional(
                "engine",
                "The connection that holds the relation, if not the layer's.",
                YamlScalars.Text,
                (s, v) => s with { Engine = v }
            )
            .Optional("tags", "Words to select by.", YamlCollections.Texts, (s, v) => s with { Tags = v })
            .Optional("meta", "Free data.", YamlCollections.Data, (s, v) => s with { Meta = v })
            .Optional("docs", "How documentation shows it.", YamlCollections.Data, (s, _) => s)
            .WithCdc()
            .WithHistory()
            .WithSnapshot()
    );
}
