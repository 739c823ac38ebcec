namespace Orrery.Screen;

/// <summary>There is no window, and what to do about it.</summary>
internal sealed class ScreenException(string message) : Exception(message);
