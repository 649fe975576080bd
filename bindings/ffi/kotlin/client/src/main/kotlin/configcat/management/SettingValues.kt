@file:JvmName("SettingValues")

package configcat.management

import configcat.management.models.SettingValue

/** The value of a boolean flag. */
public fun settingValue(value: Boolean): SettingValue = SettingValue.Boolean(value)

/** The value of a text setting. */
public fun settingValue(value: String): SettingValue = SettingValue.String(value)

/** The value of a whole number setting. */
public fun settingValue(value: Int): SettingValue = SettingValue.Int(value)

/** The value of a decimal number setting. */
public fun settingValue(value: Double): SettingValue = SettingValue.Double(value)

/** The value, if it is that of a boolean flag. */
public val SettingValue.asBoolean: Boolean?
    get() = (this as? SettingValue.Boolean)?.v1

/** The value, if it is that of a text setting. */
public val SettingValue.asString: String?
    get() = (this as? SettingValue.String)?.v1

/** The value, if it is that of a whole number setting. */
public val SettingValue.asInt: Int?
    get() = (this as? SettingValue.Int)?.v1

/** The value, if it is that of a decimal number setting. */
public val SettingValue.asDouble: Double?
    get() = (this as? SettingValue.Double)?.v1

/** The value for people: `true`, `on`, `1`, `1.5`. */
public val SettingValue.text: String
    get() = when (this) {
        is SettingValue.Boolean -> v1.toString()
        is SettingValue.String -> v1
        is SettingValue.Int -> v1.toString()
        is SettingValue.Double -> v1.toString()
    }
