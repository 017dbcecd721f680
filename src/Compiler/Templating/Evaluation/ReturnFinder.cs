using Strata.Compiler.Templating.Syntax;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Whether a function's body has a <c>ret</c> with a value.</summary>
internal static class ReturnFinder
{
    public static bool ReturnsValue(Block block) => Array.Exists(block.Statements, ReturnsValue);

    private static bool ReturnsValue(Statement statement) =>
        statement switch
        {
            ReturnStatement { Value: not null } => true,
            IfStatement branch => ReturnsValue(branch.Then)
                || (branch.Else is { } other && ReturnsValue(other)),
            CaseStatement branches => Array.Exists(branches.Whens, when => ReturnsValue(when.Body))
                || (branches.Else is { } other && ReturnsValue(other)),
            ForStatement loop => ReturnsValue(loop.Body) || (loop.Else is { } other && ReturnsValue(other)),
            WhileStatement loop => ReturnsValue(loop.Body),
            WithStatement with => ReturnsValue(with.Body),
            CaptureStatement capture => ReturnsValue(capture.Body),
            WrapStatement wrap => ReturnsValue(wrap.Body),
            _ => false,
        };
}
