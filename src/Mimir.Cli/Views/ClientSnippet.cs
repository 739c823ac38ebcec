namespace Mimir.Cli.Views;

/// <summary>What to paste into one client so that it finds this router.</summary>
/// <param name="Client">The client's name.</param>
/// <param name="Where">The file to put it in, or that it is a command to run.</param>
/// <param name="Text">What to paste, several lines.</param>
internal sealed record ClientSnippet(string Client, string Where, string Text);
