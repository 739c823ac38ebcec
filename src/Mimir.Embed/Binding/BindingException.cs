namespace Mimir.Embed.Binding;

/// <summary>An argument is missing, or is not what the schema says. The message names it and says what is taken.</summary>
internal sealed class BindingException(string message) : ArgumentException(message);
