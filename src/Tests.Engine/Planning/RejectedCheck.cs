using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Tests.Engine.Planning;

/// <summary>A test whose definition does not fit the relation it would read, found before any SQL ran.</summary>
public sealed record RejectedCheck(TestNode Test, ImmutableArray<Diagnostic> Diagnostics);
