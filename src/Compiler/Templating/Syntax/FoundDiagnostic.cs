using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// A mistake with the place where it was found. That a block is never closed is found at the end, whatever
/// place the message points at: mistakes inside of the block, which explain it, come first.
/// </summary>
internal readonly record struct FoundDiagnostic(int At, Diagnostic Diagnostic);
