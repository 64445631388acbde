/** What several words mean: `from > to`. */
export const phrases = `
estados unidos > estados-unidos | reino unido > reino-unido | ee. uu > estados-unidos | eeuu > estados-unidos |
por qué razón > por-qué | cuál es la razón > por-qué | cuáles son las razones > por-qué |
a qué se debe > por-qué | por qué motivo > por-qué | por qué > por-qué | en qué año > cuándo |
qué año > cuándo | en qué fecha > cuándo | qué día > cuándo | a qué hora > cuándo | en qué país > dónde |
en qué ciudad > dónde | en qué lugar > dónde | cuánto tiempo > cuánto-tiempo |
cuál es el precio > cuánto cuesta | cuál es el costo > cuánto cuesta | cuál es el número > cuántos |
cuál es la diferencia > diferencia | cuáles son las diferencias > diferencia |
en qué se diferencian > diferencia | en qué se diferencia > diferencia | diferencias > diferencia |
una palabra > 1 palabra | una frase > 1 frase | una oración > 1 frase | correo electrónico > email |
correo > email | e-mail > email | estados unidos > estadosunidos | ee. uu. > estadosunidos |
ee.uu. > estadosunidos | eeuu > estadosunidos | usa > estadosunidos | cómo se dice > traducir | wi-fi > wifi |
hace falta > necesario | por ciento > % | cuánto mide > qué altura tiene | clave primaria > primary key |
qué hacer contra > cómo tratar | qué puedo hacer contra > cómo tratar | qué es bueno para > cómo tratar |
cuál es el horario de apertura > cuándo abre | cuál es el horario > cuándo abre | iniciar sesión > entrar |
inicio sesión > entrar | horas extras > horas-extra | horas extra > horas-extra | teléfono móvil > móvil |
deshacerse de > eliminar | deshacerme de > eliminar | deshacernos de > eliminar | desprenderse de > eliminar |
me deshago de > elimino | quitar de en medio > quitar | dar de baja > cancelar | darse de baja > cancelar |
darme de baja > cancelar | doy de baja > cancelo | dar de alta > registrar | darse de alta > registrarse |
darme de alta > registrarme | doy de alta > registro | poner en marcha > iniciar | pongo en marcha > inicio |
poner en funcionamiento > activar | echar a andar > iniciar | llevar a cabo > realizar |
llevo a cabo > realizo | se lleva a cabo > se realiza | se llevó a cabo > se realizó |
llevarse a cabo > realizarse | tener lugar > ocurrir | tiene lugar > ocurre | tuvo lugar > ocurrió |
tendrá lugar > ocurrirá | dar comienzo > comenzar | dar inicio > comenzar | da comienzo > comienza |
dio comienzo > comenzó | dar fin a > terminar | poner fin a > terminar | puso fin a > terminó |
pone fin a > termina | llegar a su fin > terminar | llegó a su fin > terminó | tener éxito > triunfar |
caer enfermo > enfermar | ponerse enfermo > enfermar | enfermarse de > enfermar de | darse cuenta de > notar |
me doy cuenta de > noto | echar de menos > extrañar | echo de menos > extraño | echar un vistazo > mirar |
echar una mano > ayudar | échame una mano > ayúdame | echame una mano > ayúdame | dame una mano > ayúdame |
dar una mano > ayudar | darme una mano > ayudarme | echarme una mano > ayudarme | echar a perder > estropear |
echarse a perder > estropearse | se echa a perder > se estropea | se echó a perder > se estropeó |
se ha echado a perder > se ha estropeado | poner a punto > ajustar | poner al día > actualizar |
ponerse al día > actualizarse | hacer una copia de > copiar | hacer una copia de seguridad de > respaldar |
hacer copia de seguridad de > respaldar | hago una copia de seguridad de > respaldo |
copia de seguridad > respaldo | copias de seguridad > respaldos | copia de respaldo > respaldo |
hacer un respaldo de > respaldar | hacer backup de > respaldar | hacer clic en > pulsar |
hacer click en > pulsar | dar clic en > pulsar | dar click en > pulsar | hacer uso de > usar |
hago uso de > uso | hacer una pregunta > preguntar | hacer una reserva > reservar |
hacer una reservación > reservar | hago una reserva > reservo | hacer un pedido > pedir |
hacer una compra > comprar | realizar una compra > comprar | realizar un pedido > pedir |
realizar un pago > pagar | hacer un pago > pagar | hago un pago > pago | efectuar un pago > pagar |
hacer una transferencia > transferir | realizar una transferencia > transferir |
hago una transferencia > transfiero | hacer un depósito > depositar | hacer una donación > donar |
hacer una traducción de > traducir | hacer un resumen de > resumir | haz un resumen de > resume |
hazme un resumen de > resume | haz una lista de > enumera | hazme una lista de > enumera |
dame una lista de > enumera | hacer una lista de > enumerar | hacer ejercicio > ejercitarse |
hacer daño > dañar | hace daño a > daña | hacer daño a > dañar | hacer falta > necesitar |
hace falta > se necesita | hacen falta > se necesitan | me hace falta > necesito |
qué hace falta para > qué se necesita para | hacer frente a > afrontar | hacer caso a > obedecer |
hacer caso omiso de > ignorar | hacer hincapié en > enfatizar | hacer referencia a > referir |
hace referencia a > se refiere a | hacerse cargo de > encargarse de | hacer la compra > comprar |
hacer las maletas > empacar | hacer la maleta > empacar | hacer más grande > agrandar |
hacer más pequeño > reducir | hacer más corto > acortar | hacer más largo > alargar |
hacer más ancho > ensanchar | hacer más espeso > espesar | hacer más fuerte > fortalecer |
hacer que sea más corto > acortar | hacer más rápido > acelerar | volver más rápido > acelerar |
ir más rápido > acelerar | hacer más lento > ralentizar | tomar una decisión > decidir |
tomar la decisión de > decidir | tomo una decisión > decido | tomar una foto > fotografiar |
sacar una foto > fotografiar | sacar fotos > fotografiar | tomar fotos > fotografiar |
hacer una foto > fotografiar | hacer fotos > fotografiar | tomar una captura de pantalla > capturar pantalla |
hacer una captura de pantalla > capturar pantalla | hacer captura de pantalla > capturar pantalla |
sacar una captura de pantalla > capturar pantalla | captura de pantalla > pantallazo |
impresión de pantalla > pantallazo | tomar el sol > broncearse | tomar parte en > participar en |
tomar nota > anotar | tomar en cuenta > considerar | tener en cuenta > considerar |
hay que tener en cuenta > se debe considerar | tomar prestado > pedir prestado | tomar apuntes > anotar |
tener ganas de > querer | tengo ganas de > quiero | tener miedo de > temer | tener miedo a > temer |
tengo miedo a > temo | tengo miedo de > temo | tiene miedo a > teme | tener que > deber | tengo que > debo |
tienes que > debes | tiene que > debe | tenemos que > debemos | tienen que > deben | tendría que > debería |
hay que > se debe | habría que > se debería | tener derecho a > derecho a | tener la posibilidad de > poder |
tengo la posibilidad de > puedo | estar en condiciones de > poder | ser capaz de > poder |
soy capaz de > puedo | es capaz de > puede | son capaces de > pueden | se dedica a > trabaja |
a qué se dedica > en qué trabaja | ganarse la vida > trabajar | volver a hacer > rehacer |
volver a escribir > reescribir | volver a instalar > reinstalar | volver a iniciar > reiniciar |
apagar y encender > reiniciar | apagar y volver a encender > reiniciar | volver a enviar > reenviar |
mandar de vuelta > devolver | enviar de vuelta > devolver | regresar un producto > devolver un producto |
devolver el dinero > reembolsar | devolución del dinero > reembolso | devolución de dinero > reembolso |
devuelvan el dinero > reembolsen | me devuelvan mi dinero > me reembolsen |
que me devuelvan el dinero > un reembolso | volver a usar > reutilizar | volver a utilizar > reutilizar |
volver a calentar > recalentar | volver a cargar > recargar | volver a leer > releer |
volver a abrir > reabrir | volver a construir > reconstruir | cambiar el nombre de > renombrar |
cambiar el nombre a > renombrar | cambiarle el nombre a > renombrar | cambiar de nombre > renombrar |
cambio el nombre de > renombro | cambiar de sitio > mover | cambiar de lugar > mover |
cambiar el tamaño de > redimensionar | cambiar de tamaño > redimensionar | cambiar de casa > mudarse |
cambiarse de casa > mudarse | ponerse de pie > levantarse | pararse de > levantarse de |
ponerse en contacto con > contactar | ponerme en contacto con > contactar |
me pongo en contacto con > contacto | entrar en contacto con > contactar | contactar con > contactar |
contactarme con > contactar | comunicarse con > contactar | comunicarme con > contactar |
me comunico con > contacto | poner una reclamación > reclamar | poner un reclamo > reclamar |
presentar una reclamación > reclamar | hacer una reclamación > reclamar | poner una queja > quejarse |
presentar una queja > quejarse | hacer una queja > quejarse | poner una denuncia > denunciar |
presentar una denuncia > denunciar | pongo una denuncia > denuncio | hacer una denuncia > denunciar |
poner una demanda > demandar | presentar una demanda > demandar | interponer una demanda > demandar |
poner a prueba > probar | poner en práctica > aplicar | poner en peligro > arriesgar |
poner en riesgo > arriesgar | correr el riesgo de > arriesgar | poner de manifiesto > mostrar |
poner en duda > dudar | ponerse de acuerdo > acordar | llegar a un acuerdo > acordar |
estar de acuerdo > coincidir | prender fuego > incendiar | pegar fuego > incendiar |
quedarse embarazada > embarazarse | quedar embarazada > embarazarse | quedarse dormido > dormirse |
me quedo dormido > me duermo | conciliar el sueño > dormir | quedarse calvo > perder pelo |
quedarse sin trabajo > perder empleo | quedarse sin empleo > perder empleo |
se queda sin batería > se descarga | quedarse sin batería > descargarse | se quedó congelada > se congeló |
se queda congelado > se congela | se queda colgado > se congela | se queda pillado > se congela |
se queda trabado > se congela | dar a luz > parir | dio a luz > parió | dar el pecho > amamantar |
dar de mamar > amamantar | dar pecho > amamantar | dar de comer a > alimentar | dar de comer > alimentar |
doy de comer > alimento | darle de comer a > alimentar | dar las gracias > agradecer | dar la vuelta > voltear |
dar vuelta > voltear | dar marcha atrás > retroceder | dar miedo > asustar | da miedo > asusta |
dar permiso > permitir | dar un paseo > pasear | dar clases > enseñar | dar clase > enseñar |
dar un masaje > masajear | dar brillo > abrillantar | dar forma a > moldear | dar formato a > formatear |
dar vida a > crear | dar por hecho > asumir | dar por sentado > asumir | sacar adelante > lograr |
sacar punta > afilar | sacarle punta a > afilar | sacar la basura > sacar basura | sacar brillo > abrillantar |
sacar dinero > retirar dinero | sacar plata > retirar dinero | sacar efectivo > retirar dinero |
retirar efectivo > retirar dinero | disponer de > tener | contar con > tener | cuenta con > tiene |
cuentan con > tienen | constar de > componerse de | consta de > se compone de |
estar compuesto por > componerse de | está compuesto por > se compone de | está compuesta por > se compone de |
está formado por > se compone de | está formada por > se compone de | está hecho de > se compone de |
está hecha de > se compone de | de qué está hecho > de qué se compone |
de qué está compuesto > de qué se compone | estar situado > ubicarse | está situado > se ubica |
está situada > se ubica | se encuentra ubicado > se ubica | se encuentra ubicada > se ubica |
se encuentra situado > se ubica | está ubicado > se ubica | está ubicada > se ubica | en qué sitio > dónde |
en qué parte > dónde | en que lugar > dónde | en que parte > dónde | a qué lugar > adónde | en dónde > dónde |
dónde queda > dónde está | donde queda > dónde está | dónde se encuentra > dónde está |
donde se encuentra > dónde está | dónde se ubica > dónde está | dónde se localiza > dónde está |
cuál es la ubicación de > dónde está | en qué país > qué país | de qué lugar > de dónde |
cuál es el origen de > de dónde viene | por qué motivo > por qué | por qué razón > por qué |
por qué causa > por qué | por cuál razón > por qué | a qué se debe que > por qué | a qué se debe > por qué |
a que se debe > por qué | cuál es el motivo de que > por qué | cuál es la razón por la que > por qué |
cuál es la razón de que > por qué | cuál es el motivo por el que > por qué |
cuál es el motivo por el cual > por qué | cuál es la razón por la cual > por qué | cómo es que > por qué |
cómo es posible que > por qué | a santo de qué > por qué | qué hace que > por qué | qué explica que > por qué |
cuál es la causa de que > por qué | cuáles son las causas de > qué causa | cuál es la causa de > qué causa |
qué provoca > qué causa | qué ocasiona > qué causa | cuál es el porqué de > por qué |
para qué se usa > para qué sirve | para qué se utiliza > para qué sirve | para qué se emplea > para qué sirve |
cuál es la función de > para qué sirve | cuál es la utilidad de > para qué sirve |
cuál es el uso de > para qué sirve | cuál es el propósito de > para qué sirve |
qué función tiene > para qué sirve | qué función cumple > para qué sirve | qué utilidad tiene > para qué sirve |
qué uso tiene > para qué sirve | qué uso se le da a > para qué sirve | con qué fin > para qué |
con qué propósito > para qué | con qué objetivo > para qué | con qué finalidad > para qué |
de qué manera > cómo | de qué forma > cómo | de qué modo > cómo | de que manera > cómo | de que forma > cómo |
en qué forma > cómo | cuál es la forma de > cómo | cuál es la manera de > cómo | cuál es el modo de > cómo |
cuál es la mejor forma de > cómo | cuál es la mejor manera de > cómo | cuál es el mejor modo de > cómo |
cuál es la forma correcta de > cómo | cuál es la manera correcta de > cómo |
cuál es el procedimiento para > cómo | cuál es el proceso para > cómo | cuál es el método para > cómo |
cuáles son los pasos para > cómo | qué pasos debo seguir para > cómo | qué pasos hay que seguir para > cómo |
que pasos debo seguir para > cómo | pasos para > cómo | qué debo hacer para > cómo |
que debo hacer para > cómo | qué tengo que hacer para > cómo | que tengo que hacer para > cómo |
qué hay que hacer para > cómo | que hay que hacer para > cómo | qué puedo hacer para > cómo |
que puedo hacer para > cómo | qué se debe hacer para > cómo | qué se puede hacer para > cómo |
qué se hace para > cómo | qué hago para > cómo | que hago para > cómo | qué hacer para > cómo |
que hacer para > cómo | qué necesito hacer para > cómo | cómo hago para > cómo | como hago para > cómo |
cómo le hago para > cómo | como le hago para > cómo | cómo hacer para > cómo | cómo puedo hacer para > cómo |
cómo podría hacer para > cómo | cómo se hace para > cómo | cómo se puede > cómo | como se puede > cómo |
cómo puedo > cómo | como puedo > cómo | cómo podría > cómo | como podria > cómo | cómo podemos > cómo |
cómo puede uno > cómo | cómo puede una persona > cómo | cómo debo > cómo | como debo > cómo |
cómo debería > cómo | cómo se debe > cómo | cómo tengo que > cómo | cómo hay que > cómo |
cómo es posible > cómo | cómo consigo > cómo | cómo logro > cómo | cómo hacer que > cómo |
cómo consigo que > cómo | cómo logro que > cómo | existe alguna forma de > cómo |
existe alguna manera de > cómo | existe una forma de > cómo | existe una manera de > cómo |
hay alguna forma de > cómo | hay alguna manera de > cómo | hay algún modo de > cómo | hay forma de > cómo |
hay manera de > cómo | hay una forma de > cómo | hay una manera de > cómo | hay algún método para > cómo |
alguna forma de > cómo | alguna manera de > cómo | alguna idea de cómo > cómo | alguna idea para > cómo |
alguien sabe cómo > cómo | alguien sabe como > cómo | alguien sabe > dime | sabes cómo > cómo |
sabes como > cómo | sabe usted cómo > cómo | sabes si > si | sabéis cómo > cómo | saben cómo > cómo |
no sé cómo > cómo | no se como > cómo | no tengo ni idea de cómo > cómo | no tengo idea de cómo > cómo |
necesito saber cómo > cómo | necesito saber > dime | quiero saber cómo > cómo | quiero saber como > cómo |
quiero saber > dime | quisiera saber cómo > cómo | quisiera saber > dime | querría saber > dime |
me gustaría saber cómo > cómo | me gustaría saber > dime | me gustaria saber > dime |
me gustaría que me dijeras > dime | me gustaría que me explicaras > explícame | me interesa saber > dime |
me pregunto > dime | me preguntaba > dime | me preguntaba si > si | me preguntaba si podrías > dime |
me preguntaba si podías > dime | tengo una duda sobre > dime | tengo una duda > dime |
tengo una pregunta > dime | tengo una pregunta sobre > dime | tengo dudas sobre > dime | una pregunta > dime |
una consulta > dime | te quería preguntar > dime | quería preguntar > dime | quería preguntarte > dime |
quería saber > dime | quería saber si > si | quisiera preguntar > dime | quisiera preguntarle > dime |
quiero preguntar > dime | quiero preguntarte > dime | deseo saber > dime | deseo conocer > dime |
me encantaría saber > dime | tengo curiosidad por saber > dime | tengo curiosidad > dime |
podrías decirme > dime | podrías decirme cómo > cómo | podrías explicarme > explícame |
podrías explicarme cómo > cómo | podrías indicarme > dime | podrías indicarme cómo > cómo |
podrías ayudarme a > dime | podrías ayudarme con > dime | podrías darme > dame | podrías enseñarme a > cómo |
podrías mostrarme cómo > cómo | podrías contarme > dime | podría decirme > dime |
podría explicarme > explícame | podría indicarme > dime | podría ayudarme a > dime | me podrías decir > dime |
me podrias decir > dime | me podría decir > dime | me podría explicar > explícame |
me podrías explicar > explícame | me podrías ayudar a > dime | me podría ayudar a > dime |
me podrías ayudar con > dime | me puedes decir > dime | me puede decir > dime | me puedes explicar > explícame |
me puede explicar > explícame | me puedes ayudar a > dime | me puedes ayudar con > dime |
me puede ayudar a > dime | me puedes indicar > dime | me puedes dar > dame | puedes decirme > dime |
puede decirme > dime | puedes explicarme > explícame | puedes explicarme cómo > cómo | puedes indicarme > dime |
puedes ayudarme a > dime | puedes ayudarme con > dime | puedes darme > dame | puedes mostrarme > muéstrame |
puedes enseñarme a > cómo | puedes enseñarme cómo > cómo | me dices > dime | me dirías > dime |
me explicas > explícame | me explicas cómo > cómo | me indicas > dime | me ayudas a > dime |
me ayudas con > dime | me enseñas a > cómo | me podéis decir > dime | me pueden decir > dime |
pueden decirme > dime | podrían decirme > dime | serías tan amable de > dime | sería tan amable de > dime |
tendrías la amabilidad de > dime | te agradecería que me dijeras > dime | agradecería que me dijeran > dime |
te importaría > dime | te importa > dime | si no es molestia > dime | si es posible > dime |
si fuera posible > dime | si puedes > dime | si me haces el favor > dime | hazme el favor de > dime |
haz el favor de > dime | por favor > favor | porfa > favor | por fa > favor | muchas gracias > gracias |
gracias de antemano > dime | de antemano gracias > dime | mil gracias > gracias | buenos días > hola |
buenas tardes > hola | buenas noches > hola | hola qué tal > hola | hola buenas > hola | un saludo > dime |
saludos cordiales > dime | dime cómo > cómo | dime como > cómo | dime cuál es > cuál es | dime qué es > qué es |
explícame cómo > cómo | explica cómo > cómo | explícame qué es > qué es | explica qué es > qué es |
indícame cómo > cómo | enséñame a > cómo | enséñame cómo > cómo | muéstrame cómo > cómo |
necesito ayuda para > cómo | necesito ayuda con > dime | necesito que me ayudes a > dime |
necesito que me digas > dime | necesito que me expliques > explícame | quiero que me digas > dime |
quiero que me expliques > explícame | ayúdame a > dime | ayudame a > dime | ayuda con > dime |
ayuda para > dime | esperaba que pudieras decirme > dime | esperaba que me pudieras ayudar > dime |
estoy intentando > dime | estoy tratando de > dime | estoy buscando la forma de > cómo | estoy buscando > dime |
ando buscando > dime | estoy interesado en saber > dime | instrucciones para > cómo | guía para > cómo |
tutorial para > cómo | dame instrucciones para > cómo | dame los pasos para > cómo |
qué quiere decir > qué significa | que quiere decir > qué significa |
cuál es el significado de > qué significa | cual es el significado de > qué significa |
qué se entiende por > qué es | qué entendemos por > qué es | a qué se le llama > qué es |
a qué llamamos > qué es | a qué se refiere > qué es | a qué nos referimos con > qué es |
en qué consiste > qué es | en que consiste > qué es | cuál es la definición de > qué es |
cual es la definición de > qué es | definición de > qué es | cómo se define > qué es | como se define > qué es |
cómo definirías > qué es | define el concepto de > qué es | define qué es > qué es | qué es eso de > qué es |
qué cosa es > qué es | de qué se trata > qué es | cuál es el argumento de > de qué trata |
cuál es la trama de > de qué trata | de qué va > de qué trata | sobre qué trata > de qué trata |
cuál es el tema de > de qué trata | dame un resumen de > resume | dame un ejemplo de > ejemplo de |
ponme un ejemplo de > ejemplo de | pon un ejemplo de > ejemplo de |
cuáles son algunos ejemplos de > ejemplos de | dame ejemplos de > ejemplos de | cómo se llama > nombre de |
como se llama > nombre de | cuál es el nombre de > nombre de | cual es el nombre de > nombre de |
qué nombre recibe > nombre de | qué nombre tiene > nombre de | cómo se le llama a > nombre de |
cómo se le dice a > nombre de | cómo se conoce a > nombre de | cómo digo > cómo se dice |
cuál es la traducción de > cómo se dice | cuál es la palabra para > cómo se dice |
cómo se traduce > cómo se dice | cuál es la forma correcta de escribir > cómo se escribe |
cuál es la ortografía de > cómo se escribe | cómo se deletrea > cómo se escribe |
cuál es la pronunciación de > cómo se pronuncia | en qué momento > cuándo | en qué día > cuándo |
en qué época del año > cuándo | en qué época > cuándo | cuál es la fecha de > cuándo es |
cuál fue la fecha de > cuándo fue | cuál es el mejor momento para > cuándo |
cuál es la mejor época para > cuándo | para cuándo > cuándo | a partir de cuándo > desde cuándo |
en qué año nació > cuándo nació | fecha de nacimiento de > cuándo nació |
cuál es la fecha de nacimiento de > cuándo nació | fecha de muerte de > cuándo murió |
lugar de nacimiento de > dónde nació | cuál es el lugar de nacimiento de > dónde nació |
cuánto tiempo tarda > cuánto tarda | cuanto tiempo tarda > cuánto tarda | cuánto se tarda en > cuánto tarda en |
cuánto tiempo se tarda en > cuánto tarda en | cuánto tiempo toma > cuánto tarda |
cuánto tiempo lleva > cuánto tarda | cuánto demora > cuánto tarda | cuánto se demora > cuánto tarda |
cuánto tiempo demora > cuánto tarda | cuánto tiempo dura > cuánto dura | cuanto tiempo dura > cuánto dura |
cuál es la duración de > cuánto dura | qué duración tiene > cuánto dura |
durante cuánto tiempo > cuánto tiempo | por cuánto tiempo > cuánto tiempo | qué tanto tiempo > cuánto tiempo |
con qué regularidad > con qué frecuencia | cuán a menudo > con qué frecuencia |
con qué periodicidad > con qué frecuencia | cuál es el precio de > cuánto cuesta |
cual es el precio de > cuánto cuesta | cuál es el costo de > cuánto cuesta |
cuál es el coste de > cuánto cuesta | qué precio tiene > cuánto cuesta | que precio tiene > cuánto cuesta |
qué costo tiene > cuánto cuesta | a cuánto está > cuánto cuesta | a qué precio está > cuánto cuesta |
cuánto vale > cuánto cuesta | cuanto vale > cuánto cuesta | cuánto sale > cuánto cuesta |
cuánto cobran por > cuánto cuesta | cuánto hay que pagar por > cuánto cuesta |
cuánto se paga por > cuánto cuesta | cuánto dinero cuesta > cuánto cuesta | cuál es la altura de > cuánto mide |
cuál es la estatura de > cuánto mide | qué altura tiene > cuánto mide | que altura tiene > cuánto mide |
cuán alto es > cuánto mide | cómo de alto es > cuánto mide | cómo de alta es > cuánto mide |
cuánto mide de alto > cuánto mide | cuánto mide de altura > cuánto mide | cuál es el peso de > cuánto pesa |
qué peso tiene > cuánto pesa | cuál es la edad de > cuántos años tiene | qué edad tiene > cuántos años tiene |
que edad tiene > cuántos años tiene | cuántos años de edad tiene > cuántos años tiene |
cuál es la distancia entre > distancia entre | cuál es la distancia de > distancia de |
qué distancia hay entre > distancia entre | qué distancia hay de > distancia de |
a qué distancia está > distancia a | cómo de lejos está > distancia a | cuál es la población de > población de |
qué población tiene > población de | cuál es el tamaño de > tamaño de | qué tamaño tiene > tamaño de |
cómo de grande es > tamaño de | qué profundidad tiene > profundidad de |
cuál es la profundidad de > profundidad de | cómo de profundo es > profundidad de |
qué longitud tiene > longitud de | cuál es la longitud de > longitud de | qué anchura tiene > anchura de |
a qué velocidad va > velocidad de | qué velocidad alcanza > velocidad de |
cuál es la velocidad de > velocidad de | a qué temperatura > temperatura |
cuál es la temperatura de > temperatura de | qué cantidad de > cuánto | qué número de > cuántos |
cuál es el número de > cuántos | cuál es la cantidad de > cuánto | cuál es el total de > cuántos |
quién fue la persona que > quién | quién es la persona que > quién | cuál es la persona que > quién |
qué persona > quién | quién fue el que > quién | quién fue quien > quién |
cuál es el autor de > quién escribió | quién es el autor de > quién escribió |
quién es la autora de > quién escribió | quién fue el autor de > quién escribió |
por quién fue escrito > quién escribió | por quién fue escrita > quién escribió |
quién es el inventor de > quién inventó | quién fue el inventor de > quién inventó |
por quién fue inventado > quién inventó | quién es el creador de > quién creó |
quién fue el creador de > quién creó | quién es el descubridor de > quién descubrió |
quién fue el descubridor de > quién descubrió | quién es el director de > quién dirigió |
quién es el fundador de > quién fundó | quién fue el fundador de > quién fundó |
quién es el compositor de > quién compuso | quién es el pintor de > quién pintó |
quién fue el pintor de > quién pintó | quién es el cantante de > quién canta | es posible > puedo |
es posible que pueda > puedo | sería posible > puedo | se puede > puedo | se podría > puedo |
se pueden > puedo | está permitido > puedo | esta permitido > puedo | está bien si > puedo |
es aceptable > puedo | me está permitido > puedo | tengo permitido > puedo | tengo permiso para > puedo |
pasa algo si > puedo | hay algún problema si > puedo | hay problema si > puedo | podría yo > puedo |
sería capaz de > puedo | supone un peligro > es peligroso | hace mal > es malo | es perjudicial > es malo |
es dañino > es malo | tiene algo de malo > es malo | es necesario > debo | es obligatorio > debo |
es preciso > debo | es imprescindible > debo | se necesita > debo | se debe > debo | se debería > debo |
se requiere > se necesita | se requieren > se necesitan | es recomendable > debería | es aconsejable > debería |
es conveniente > debería | conviene > debería | es buena idea > debería | sería buena idea > debería |
es una buena idea > debería | vale la pena > merece la pena | qué requisitos hay para > qué se necesita para |
cuáles son los requisitos para > qué se necesita para | qué necesito para > qué se necesita para |
qué requiero para > qué se necesita para | cuáles son los ingredientes de > ingredientes de |
qué ingredientes lleva > ingredientes de | qué ingredientes tiene > ingredientes de | receta de > cómo hacer |
receta para > cómo hacer | cuál es la receta de > cómo hacer | dame la receta de > cómo hacer |
dame una receta de > cómo hacer | cómo preparo > cómo hacer | cómo se prepara > cómo hacer |
cómo preparar > cómo hacer | cómo elaborar > cómo hacer | cómo se hace > cómo hacer |
cómo se hacen > cómo hacer | cuál es la diferencia entre > diferencia entre |
cual es la diferencia entre > diferencia entre | qué diferencia hay entre > diferencia entre |
que diferencia hay entre > diferencia entre | qué diferencias hay entre > diferencia entre |
cuáles son las diferencias entre > diferencia entre | en qué se diferencia > diferencia entre |
en qué se diferencian > diferencia entre | en qué se distinguen > diferencia entre |
qué diferencia existe entre > diferencia entre | cómo se diferencia > diferencia entre |
cómo se distingue > diferencia entre | qué distingue a > diferencia entre |
diferencias entre > diferencia entre | qué tienen en común > semejanzas entre |
qué similitudes hay entre > semejanzas entre | en qué se parecen > semejanzas entre |
cuáles son las similitudes entre > semejanzas entre | cuáles son las ventajas de > ventajas de |
qué ventajas tiene > ventajas de | qué ventajas ofrece > ventajas de | qué beneficios tiene > beneficios de |
cuáles son los beneficios de > beneficios de | qué beneficios aporta > beneficios de |
para qué es bueno > beneficios de | para que es bueno > beneficios de |
cuáles son las desventajas de > desventajas de | qué desventajas tiene > desventajas de |
pros y contras > ventajas y desventajas | ventajas e inconvenientes > ventajas y desventajas |
cuáles son los síntomas de > síntomas de | qué síntomas tiene > síntomas de |
qué síntomas produce > síntomas de | qué síntomas provoca > síntomas de |
cuáles son los efectos de > efectos de | qué efectos tiene > efectos de | qué efecto tiene > efectos de |
qué consecuencias tiene > consecuencias de | cuáles son las consecuencias de > consecuencias de |
cuáles son las características de > características de | qué características tiene > características de |
cuál es la capital de > capital de | cual es la capital de > capital de |
qué ciudad es la capital de > capital de | cuál es la moneda de > moneda de | qué moneda se usa en > moneda de |
qué moneda utilizan en > moneda de | qué idioma se habla en > idioma de | qué lengua se habla en > idioma de |
qué idioma hablan en > idioma de | cuál es el idioma oficial de > idioma de | cuál es el idioma de > idioma de |
cuál es la fórmula de > fórmula de | qué fórmula tiene > fórmula de | cuál es el resultado de > cuánto es |
qué resultado da > cuánto es | cuánto da > cuánto es | a cuánto equivale > cuánto es |
a qué equivale > cuánto es | a cuánto es igual > cuánto es | lo más rápido posible > rápido |
lo antes posible > pronto | cuanto antes > pronto | tan pronto como sea posible > pronto |
lo más pronto posible > pronto | de inmediato > inmediatamente | en el acto > inmediatamente |
de forma inmediata > inmediatamente | de manera rápida > rápido | de forma rápida > rápido |
en poco tiempo > rápido | en un momento > rápido | a toda prisa > rápido | de prisa > rápido |
de forma segura > seguro | de manera segura > seguro | sin peligro > seguro | sin riesgo > seguro |
de forma gratuita > gratis | de manera gratuita > gratis | sin costo > gratis | sin coste > gratis |
sin pagar > gratis | sin costo alguno > gratis | de balde > gratis | libre de cargo > gratis |
a bajo costo > barato | a buen precio > barato | de bajo costo > barato | de forma sencilla > fácil |
de manera sencilla > fácil | de forma fácil > fácil | de manera fácil > fácil | sin esfuerzo > fácil |
sin complicaciones > fácil | de forma correcta > correctamente | de manera correcta > correctamente |
de forma adecuada > correctamente | de manera adecuada > correctamente | como es debido > correctamente |
de forma automática > automáticamente | de manera automática > automáticamente |
de modo automático > automáticamente | de forma manual > manualmente | de manera manual > manualmente |
de forma permanente > permanentemente | de manera permanente > permanentemente |
de forma definitiva > permanentemente | de manera definitiva > permanentemente |
para siempre > permanentemente | por completo > completamente | del todo > completamente |
en su totalidad > completamente | de forma natural > naturalmente | de manera natural > naturalmente |
a mano > manualmente | a diario > diariamente | cada día > diariamente | todos los días > diariamente |
al día > por día | cada semana > semanalmente | a la semana > por semana | todas las semanas > semanalmente |
cada mes > mensualmente | al mes > por mes | todos los meses > mensualmente | cada año > anualmente |
al año > por año | todos los años > anualmente | a menudo > frecuentemente | muchas veces > frecuentemente |
con frecuencia > frecuentemente | a veces > ocasionalmente | de vez en cuando > ocasionalmente |
en ocasiones > ocasionalmente | algunas veces > ocasionalmente | por lo general > normalmente |
por lo común > normalmente | en general > normalmente | de costumbre > normalmente | de nuevo > nuevamente |
otra vez > nuevamente | una vez más > nuevamente | al mismo tiempo > simultáneamente |
a la vez > simultáneamente | de forma simultánea > simultáneamente | hoy en día > actualmente |
hoy día > actualmente | en la actualidad > actualmente | en este momento > actualmente |
en estos momentos > actualmente | por el momento > actualmente | de momento > actualmente |
a día de hoy > actualmente | en el presente > actualmente | en la antigüedad > antiguamente | tal vez > quizás |
a lo mejor > quizás | puede que > quizás | sin querer > accidentalmente | por accidente > accidentalmente |
por error > accidentalmente | por equivocación > accidentalmente | a propósito > intencionadamente |
aposta > intencionadamente | con intención > intencionadamente | debido a > por | a causa de > por |
por culpa de > por | como consecuencia de > por | en vez de > en lugar de | en cambio de > en lugar de |
en relación con > sobre | con relación a > sobre | con respecto a > sobre | respecto a > sobre |
acerca de > sobre | en torno a > sobre | en cuanto a > sobre | por medio de > mediante |
a través de > mediante | a base de > con | con la ayuda de > con | con ayuda de > con | haciendo uso de > con |
en caso de que > si | en el caso de que > si | en caso de > si | a fin de > para | con el fin de > para |
con el objetivo de > para | con objeto de > para | con tal de > para | de cara a > para |
en el interior de > en | encima de > sobre | por encima de > sobre | en frente de > frente a |
enfrente de > frente a | al lado de > junto a | cerca de > próximo a | en contra de > contra |
a pesar de > pese a | un montón de > muchos | gran cantidad de > mucho | una gran cantidad de > mucho |
un gran número de > muchos | la mayor parte de > mayoría de | la mayoría de > mayoría de | un par de > dos |
un poco de > algo de | una pizca de > poco | teléfono celular > móvil | teléfono inteligente > móvil |
telefono celular > móvil | ordenador portátil > portátil | computadora portátil > portátil |
computador portátil > portátil | ordenador personal > ordenador | computadora personal > ordenador |
correo electronico > email | dirección de correo > email | dirección de email > email | sitio web > web |
página web > web | pagina web > web | página de internet > web | sitio de internet > web |
disco rígido > disco duro | memoria usb > pendrive | unidad usb > pendrive | llave usb > pendrive |
lápiz usb > pendrive | nombre de usuario > usuario | inicio de sesión > login | iniciar sesión > acceder |
inicio sesión > accedo | cerrar sesión > desconectarse | cierro sesión > me desconecto |
abrir sesión > acceder | ingresar a mi cuenta > acceder a mi cuenta |
entrar en mi cuenta > acceder a mi cuenta | entrar a mi cuenta > acceder a mi cuenta |
meterme en mi cuenta > acceder a mi cuenta | loguearme en > acceder a | crear una cuenta > registrarse |
abrirme una cuenta > registrarme | hacerme una cuenta > registrarme | clave de acceso > contraseña |
palabra clave > keyword | código postal > cp | documento de identidad > dni | carnet de identidad > dni |
cédula de identidad > dni | cédula de ciudadanía > dni | carnet de conducir > licencia |
carné de conducir > licencia | permiso de conducir > licencia | licencia de conducir > licencia |
licencia de conducción > licencia | libreta de conducir > licencia | servicio al cliente > atención al cliente |
servicio de atención al cliente > atención al cliente | soporte al cliente > atención al cliente |
agente humano > persona | hablar con un agente > hablar con una persona |
hablar con un humano > hablar con una persona | hablar con un operador > hablar con una persona |
hablar con un representante > hablar con una persona | hablar con un asesor > hablar con una persona |
hablar con alguien > hablar con una persona | tiempo de entrega > plazo de entrega |
fecha de entrega > cuándo llega | fecha de vencimiento > caducidad | fecha de caducidad > caducidad |
fecha de expiración > caducidad | gastos de envío > envío | costos de envío > envío | costes de envío > envío |
costo de envío > envío | cajero automático > cajero | base de datos > bd | bases de datos > bd |
línea de comandos > terminal | línea de órdenes > terminal | símbolo del sistema > terminal |
inteligencia artificial > ia | aprendizaje automático > machine learning |
aprendizaje profundo > deep learning | código fuente > código | hoja de cálculo > planilla |
hojas de cálculo > planillas | mensaje de error > error | solicitud de extracción > pull request |
puesta de sol > atardecer | puesta del sol > atardecer | salida del sol > amanecer | estados unidos > eeuu |
estados unidos de américa > eeuu | ee uu > eeuu | ee. uu. > eeuu | gran bretaña > reino unido |
países bajos > holanda | república checa > chequia | segunda guerra mundial > wwii | ii guerra mundial > wwii |
primera guerra mundial > wwi | i guerra mundial > wwi | unión europea > ue | naciones unidas > onu |
organización de las naciones unidas > onu | unión soviética > urss | organización mundial de la salud > oms |
iva incluido > con iva | impuesto al valor agregado > iva | impuesto sobre el valor añadido > iva |
producto interno bruto > pib | producto interior bruto > pib | horno de microondas > microondas |
horno microondas > microondas | cepillo de dientes > cepillo dental | pasta de dientes > dentífrico |
pasta dental > dentífrico | crema dental > dentífrico | papel higiénico > papel de baño |
cinta adhesiva > celo | goma de borrar > borrador | máquina de lavar > lavadora | máquina lavadora > lavadora |
máquina de afeitar > rasuradora | cuarto de baño > baño | sala de estar > salón | cuarto de estar > salón |
dolor de cabeza > cefalea | me duele la cabeza > cefalea | dolor de garganta > dolor garganta |
me duele la garganta > dolor garganta | dolor de muelas > dolor muela | me duele la muela > dolor muela |
dolor de estómago > dolor estómago | me duele el estómago > dolor estómago |
me duele la barriga > dolor estómago | dolor de barriga > dolor estómago | dolor de panza > dolor estómago |
dolor de espalda > dolor espalda | me duele la espalda > dolor espalda | ataque al corazón > infarto |
ataque cardiaco > infarto | ataque cardíaco > infarto | paro cardiaco > paro cardíaco |
presión alta > hipertensión | tensión alta > hipertensión | alta presión arterial > hipertensión |
presión arterial alta > hipertensión | azúcar en sangre > glucosa | azúcar en la sangre > glucosa |
pérdida de peso > adelgazar | perder peso > adelgazar | bajar de peso > adelgazar | bajar peso > adelgazar |
reducir peso > adelgazar | perder kilos > adelgazar | ganar peso > engordar | subir de peso > engordar |
aumentar de peso > engordar | coger peso > engordar | ganar músculo > aumentar músculo |
ganar masa muscular > aumentar músculo | aumentar masa muscular > aumentar músculo |
pérdida de cabello > caída del pelo | pérdida de pelo > caída del pelo | caída del cabello > caída del pelo |
caída de cabello > caída del pelo | se me cae el pelo > caída del pelo | nariz tapada > congestión nasal |
nariz congestionada > congestión nasal | goteo nasal > rinorrea | bolsa de trabajo > empleo |
buscar trabajo > buscar empleo | hoja de vida > currículum | curriculum vitae > currículum |
currículum vitae > currículum | puesto de trabajo > empleo | entrevista de trabajo > entrevista |
entrevista laboral > entrevista | entrevista de empleo > entrevista | aumento de sueldo > subida salarial |
aumento de salario > subida salarial | aumento salarial > subida salarial | subida de sueldo > subida salarial |
contrato de alquiler > contrato de arrendamiento | contrato de renta > contrato de arrendamiento |
fines de semana > fin de semana | día de san valentín > san valentín | día de los enamorados > san valentín |
copa del mundo > mundial | copa mundial > mundial | campeonato del mundo > mundial |
campeonato mundial > mundial | juegos olímpicos > olimpiadas | dibujos animados > caricatura |
medio ambiente > medioambiente | gran muralla china > muralla china | monte everest > everest |
seres humanos > humanos | ser humano > humano | cuerpo humano > cuerpo | perro pequeño > perrito |
cachorro de perro > cachorro | gato bebé > gatito | caja de arena > arenero | mala hierba > maleza |
malas hierbas > maleza | hierbas malas > maleza | mala yerba > maleza |
falta de ortografía > error ortográfico | faltas de ortografía > errores ortográficos |
error de ortografía > error ortográfico | errores de ortografía > errores ortográficos |
signo de interrogación > interrogación | signo de exclamación > exclamación | corrige este texto > corrige |
revisa este texto > corrige | con otras palabras > parafrasea | en otras palabras > parafrasea |
decir con otras palabras > parafrasear | dilo de otra forma > parafrasea | dilo de otra manera > parafrasea |
reescribe este texto > parafrasea | al cuadrado > cuadrado | elevado al cuadrado > cuadrado |
elevar al cuadrado > cuadrado | máximo común divisor > mcd | mínimo común múltiplo > mcm |
tanto por ciento > % | metros cuadrados > m2 | metro cuadrado > m2 | metros cúbicos > m3 |
kilómetros por hora > km/h | grados centígrados > celsius | grados celsius > celsius |
grados fahrenheit > fahrenheit | parar de > dejar de | cesar de > dejar de | terminar de > acabar de |
ponerse a > empezar a | ponerme a > empezar a | echarse a > empezar a | romper a > empezar a |
comenzar a > empezar a | a lo largo de > durante | en el transcurso de > durante | en el curso de > durante |
antes de que > antes de | después de que > después de | tras haber > después de | luego de > después de |
con anterioridad a > antes de | con posterioridad a > después de | a partir de > desde |
hasta que punto > cuánto | hasta qué punto > cuánto | en qué medida > cuánto | cómo de > qué tan |
cuán > qué tan | igual a > igual que | lo mismo que > igual que | es decir > o sea | por ejemplo > como |
p. ej. > como | así como > y | y también > y | así como también > y | junto con > con | en compañía de > con |
carente de > sin | que no contiene > sin | que no contenga > sin | que no tiene > sin | que no tenga > sin |
que no lleva > sin | que no lleve > sin | con ausencia de > sin | sin necesidad de > sin | sin usar > sin |
sin utilizar > sin | sin hacer uso de > sin | que contiene > con | que contenga > con | que tiene > con |
que tenga > con | que lleva > con | rico en > alto contenido de | alto contenido en > alto contenido de |
bajo en > poco contenido de | fuera de línea > sin conexión | sin internet > sin conexión |
sin conexión a internet > sin conexión | en línea > online | por internet > online |
a través de internet > online | vía internet > online | de segunda mano > usado | de ocasión > usado |
fuera de servicio > averiado | a tiempo > puntual | con retraso > tarde | con demora > tarde |
está averiado > no funciona | está dañado > no funciona | está roto > no funciona |
dejó de funcionar > no funciona | ha dejado de funcionar > no funciona | no está funcionando > no funciona |
no me funciona > no funciona | no sirve > no funciona | no anda > no funciona | no prende > no enciende |
no arranca > no enciende | no quiere encender > no enciende | no se enciende > no enciende |
no me deja > no puedo | no me permite > no puedo | no consigo > no puedo | no logro > no puedo |
no soy capaz de > no puedo | me resulta imposible > no puedo | me es imposible > no puedo |
soy incapaz de > no puedo | no ha llegado > no llegó | todavía no ha llegado > no llegó |
aún no ha llegado > no llegó | no me ha llegado > no llegó | no he recibido > no llegó | no recibí > no llegó |
sigo sin recibir > no llegó | llegó roto > llegó dañado | llegó estropeado > llegó dañado |
llegó en mal estado > llegó dañado | llegó defectuoso > llegó dañado |
me han cobrado dos veces > cobro duplicado | me cobraron dos veces > cobro duplicado |
me cobraron doble > cobro duplicado | me han cobrado doble > cobro duplicado | doble cobro > cobro duplicado |
cargo duplicado > cobro duplicado | me robaron > robo | me han robado > robo |
perdí mi tarjeta > tarjeta perdida | he perdido mi tarjeta > tarjeta perdida |
extravié mi tarjeta > tarjeta perdida | perdí mi pasaporte > pasaporte perdido |
he perdido el pasaporte > pasaporte perdido | se me cayó el móvil al agua > móvil mojado |
se me mojó el celular > móvil mojado | se mojó mi celular > móvil mojado |
mi móvil se ha mojado > móvil mojado | pierde agua > gotea | tiene una fuga > gotea | está goteando > gotea |
está atascado > atascado | se atascó > atascado | se ha atascado > atascado | se tapó > atascado |
huele mal > mal olor | oler mal > mal olor | olor desagradable > mal olor | malos olores > mal olor |
olores desagradables > mal olor | mal aliento > halitosis | olor de pies > mal olor pies |
olor a pies > mal olor pies | quitar una mancha de > limpiar mancha de |
sacar una mancha de > limpiar mancha de | eliminar una mancha de > limpiar mancha de |
quitar manchas de > limpiar mancha de | quitar las manchas de > limpiar mancha de |
sacar manchas de > limpiar mancha de | eliminar manchas de > limpiar mancha de |
limpiar manchas de > limpiar mancha de | librarse de > eliminar | librarme de > eliminar |
acabar con > eliminar | terminar con > eliminar | alejar a > ahuyentar | mantener alejados > ahuyentar |
mantener alejado a > ahuyentar | evitar que entren > ahuyentar | impedir que > evitar que |
cuidados de > cómo cuidar | qué cuidados necesita > cómo cuidar | qué cuidados requiere > cómo cuidar |
cuál es el cuidado de > cómo cuidar | cuál es el tratamiento para > cómo tratar |
cuál es el tratamiento de > cómo tratar | qué tratamiento hay para > cómo tratar |
qué tratamiento tiene > cómo tratar | tratamiento para > cómo tratar | remedios para > cómo tratar |
remedio para > cómo tratar | qué puedo tomar para > qué tomar para | qué tomo para > qué tomar para |
qué medicina es buena para > qué tomar para | qué medicamento es bueno para > qué tomar para |
qué pastilla es buena para > qué tomar para | cuál es la cura de > cómo curar | a qué se deben > qué causa |
qué produce > qué causa | qué genera > qué causa | causas de > qué causa | causas del > qué causa |
cómo se forman > cómo se forma | cómo se originan > cómo se forma | cómo se origina > cómo se forma |
cómo surge > cómo se forma | de qué murió > causa de muerte de |
cuál fue la causa de la muerte de > causa de muerte de | qué causó la muerte de > causa de muerte de |
cómo se llama la esposa de > esposa de | cómo se llama la mujer de > esposa de |
cómo se llama el marido de > esposo de | cuál es el río más largo > río más largo |
cuál es la montaña más alta > montaña más alta | el más alto > más alto | el más grande > más grande |
el más largo > más largo | de mayor tamaño > más grande | de menor tamaño > más pequeño |
de mayor altura > más alto | con mayor altura > más alto | de mayor longitud > más largo |
con mayor población > más poblado | con más habitantes > más poblado | más poblada > más poblado |
con más población > más poblado | de mayor profundidad > más profundo | con mayor extensión > más grande |
más extenso > más grande | más veloz > más rápido | de mayor velocidad > más rápido |
con más rapidez > más rápido | más rápidamente > más rápido | más económico > más barato |
más accesible > más barato | menos caro > más barato | de menor precio > más barato |
de menor costo > más barato | más costoso > más caro | de mayor precio > más caro | de más edad > mayor |
más viejo que > mayor que | más joven que > menor que | más pequeño que > menor que |
más grande que > mayor que | superior a > mayor que | inferior a > menor que | un año de edad > un año |
tener un hijo > tener hijos | tener un bebé > tener hijos | quedarse en casa > permanecer en casa |
hacer caca > defecar | hacer pis > orinar | hacer pipí > orinar | ir de compras > comprar |
salir de viaje > viajar | irse de viaje > viajar | ir de viaje > viajar | ir de vacaciones > vacacionar |
irse de vacaciones > vacacionar | montar en bicicleta > bicicleta | andar en bicicleta > bicicleta |
andar en bici > bicicleta | montar en bici > bicicleta | montar bicicleta > bicicleta |
montar a caballo > cabalgar | andar a caballo > cabalgar | ir a caballo > cabalgar |
ponerse moreno > broncearse | broncearse al sol > broncearse | cortar el césped > cortar césped |
cortar el pasto > cortar césped | podar el césped > cortar césped | quitar el polvo > desempolvar |
limpiar el polvo > desempolvar | lavar los platos > fregar | fregar los platos > fregar |
lavar los trastes > fregar | lavar la ropa > lavar ropa | hacer la colada > lavar ropa |
poner la lavadora > lavar ropa | planchar la ropa > planchar ropa | hacer la cama > tender cama |
tender la cama > tender cama | poner la mesa > preparar mesa | hacer la cena > cocinar cena |
preparar la cena > cocinar cena | hacer la comida > cocinar | preparar la comida > cocinar |
hacer de comer > cocinar | a fuego lento > fuego bajo | a fuego bajo > fuego bajo | al horno > horneado |
en el horno > horneado | a la plancha > plancha | a la parrilla > parrilla | al vapor > vapor |
en trozos > troceado | en rodajas > rebanado | en rebanadas > rebanado | en tiras > tiras |
fecha límite > plazo | fecha tope > plazo | plazo límite > plazo | último día para > plazo para |
hasta qué día > plazo | qué plazo > plazo | prueba gratuita > prueba gratis |
periodo de prueba > prueba gratis | período de prueba > prueba gratis |
fin de la suscripción > cancelar suscripción | terminar mi suscripción > cancelar suscripción |
dejar de recibir > no recibir más | no quiero recibir más > no recibir más |
ya no quiero recibir > no recibir más | seguro médico > seguro de salud | seguro sanitario > seguro de salud |
baja médica > incapacidad laboral | baja laboral > incapacidad laboral | licencia médica > incapacidad laboral |
baja por maternidad > licencia de maternidad | permiso de maternidad > licencia de maternidad |
baja por paternidad > licencia de paternidad | permiso de paternidad > licencia de paternidad |
horas extras > horas extra | horas extraordinarias > horas extra |
salario mínimo interprofesional > salario mínimo | sueldo mínimo > salario mínimo |
declaración de la renta > declaración de impuestos | declaración de renta > declaración de impuestos |
declaración anual > declaración de impuestos | hacer la renta > declaración de impuestos |
declarar impuestos > declaración de impuestos | escuela primaria > primaria | educación primaria > primaria |
escuela secundaria > secundaria | educación secundaria > secundaria | instituto de secundaria > secundaria |
trabajo de fin de grado > tfg | trabajo final de grado > tfg |
prueba de acceso a la universidad > selectividad | examen de admisión > examen de ingreso |
sacar buenas notas > buenas notas | tener buenas notas > buenas notas |
tener buenas calificaciones > buenas notas | sacar buenas calificaciones > buenas notas |
aprender de memoria > memorizar | aprenderse de memoria > memorizar | saberse de memoria > memorizar |
poner mayúsculas en > capitalizar | convertir a mayúsculas > mayúsculas | pasar a mayúsculas > mayúsculas |
cambiar a mayúsculas > mayúsculas | poner en mayúsculas > mayúsculas | convertir a minúsculas > minúsculas |
pasar a minúsculas > minúsculas | poner en minúsculas > minúsculas | convertir en > convertir a |
transformar en > convertir a | pasar a pdf > convertir a pdf | cadena de texto > string |
cadena de caracteres > string | cadenas de texto > strings | cadenas de caracteres > strings |
número entero > entero | números enteros > enteros | número decimal > decimal | números decimales > decimales |
valor booleano > booleano | expresión regular > regex | expresiones regulares > regex | bucle for > for |
ciclo for > for | bucle while > while | ciclo while > while | clave principal > clave primaria |
llave primaria > clave primaria | primary key > clave primaria | llave foránea > clave foránea |
clave externa > clave foránea | clave ajena > clave foránea | foreign key > clave foránea |
llave primaria compuesta > clave primaria compuesta | hacer commit > commit | hacer un commit > commit |
hacer push > push | hacer un push > push | hacer merge > fusionar | hacer un merge > fusionar |
subir los cambios > push | subir cambios > push | deshacer el último commit > revertir último commit |
deshacer un commit > revertir commit | deshacer los cambios > revertir cambios |
descartar los cambios > descartar cambios | crear una rama nueva > crear rama |
crear una nueva rama > crear rama | cambiar de rama > checkout rama | cambiarse de rama > checkout rama |
conflictos de fusión > conflicto merge | conflicto de fusión > conflicto merge |
valores duplicados > duplicados | elementos duplicados > duplicados | elementos repetidos > duplicados |
valores repetidos > duplicados | filas duplicadas > filas repetidas | de mayor a menor > descendente |
en orden descendente > descendente | de forma descendente > descendente | de menor a mayor > ascendente |
en orden ascendente > ascendente | de forma ascendente > ascendente | por orden alfabético > alfabéticamente |
en orden alfabético > alfabéticamente | de la a a la z > alfabéticamente | al revés > invertido |
en orden inverso > invertido | dar la vuelta a una cadena > invertir cadena |
dar vuelta una cadena > invertir cadena | revertir una cadena > invertir cadena | número aleatorio > aleatorio |
número al azar > aleatorio | de forma aleatoria > aleatorio | al azar > aleatorio |
comprobar si > verificar si | chequear si > verificar si | saber si > verificar si | ver si > verificar si |
revisar si > verificar si | averiguar si > verificar si | imprimir en pantalla > imprimir |
mostrar por pantalla > imprimir | imprimir por pantalla > imprimir | mostrar en pantalla > imprimir |
variable de entorno > env | variables de entorno > env | máquina virtual > vm | máquinas virtuales > vm |
dirección ip > ip | red privada virtual > vpn | tarea programada > cron | tareas programadas > cron |
integración continua > ci | puesta en producción > despliegue | poner en producción > desplegar |
pasar a producción > desplegar | tarjeta gráfica > gpu | tarjeta de vídeo > gpu | tarjeta de video > gpu |
placa de vídeo > gpu | placa base > motherboard | tarjeta madre > motherboard | placa madre > motherboard |
memoria ram > ram | disco de estado sólido > ssd | disco sólido > ssd | código de barras > código barras |
código qr > qr | modo avión > avión modo | modo oscuro > tema oscuro | foto de perfil > avatar |
imagen de perfil > avatar | tono de llamada > ringtone | barra de tareas > barra tareas |
papelera de reciclaje > papelera | menú de inicio > menú inicio | teclado en pantalla > teclado virtual |
auriculares inalámbricos > auriculares bluetooth | verificación en dos pasos > 2fa |
autenticación de dos factores > 2fa | autenticación en dos pasos > 2fa | autenticación de doble factor > 2fa |
doble factor de autenticación > 2fa | verificación de dos pasos > 2fa | preguntas frecuentes > faq |
borrar la caché > limpiar caché | vaciar la caché > limpiar caché | limpiar el caché > limpiar caché |
restablecer de fábrica > formatear | restablecer valores de fábrica > formatear |
restaurar a valores de fábrica > formatear | restablecer datos de fábrica > formatear |
resetear de fábrica > formatear
`
