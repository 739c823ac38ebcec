namespace Mimir.Cli.Terminal;

/// <summary>The few looks a text may have. Colour never carries a meaning that the words do not carry as well.</summary>
internal enum Ink : byte
{
    Plain,
    Bold,
    Faint,
    Good,
    Warning,
    Bad,
}
