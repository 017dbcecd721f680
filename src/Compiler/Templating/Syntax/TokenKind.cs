using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

internal enum TokenKind : byte
{
    EndOfFile,

    // text
    Raw,
    CodeEnter,
    CodeExit,

    // layout inside code
    NewLine,
    Semicolon,

    // names and literals
    Identifier,
    Local,
    Integer,
    HexInteger,
    BinaryInteger,
    Float,
    String,
    VerbatimString,
    InterpolationStart,
    InterpolationText,
    InterpolationOpen,
    InterpolationClose,
    InterpolationEnd,

    // punctuation
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Colon,
    Dot,
    QuestionDot,
    DotDot,
    DotDotLess,
    DotDotDot,
    Question,
    Pipe,

    // operators
    Assign,
    PlusAssign,
    MinusAssign,
    StarAssign,
    SlashAssign,
    SlashSlashAssign,
    PercentAssign,
    Plus,
    PlusPlus,
    Minus,
    MinusMinus,
    Star,
    Slash,
    SlashSlash,
    Percent,
    ShiftLeft,
    ShiftRight,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    EqualEqual,
    NotEqual,
    Not,
    AndAnd,
    OrOr,
    QuestionQuestion,
    QuestionNot,
    Caret,
    At,

    /// <summary>A character that starts nothing; already reported by the lexer.</summary>
    Invalid,
}
